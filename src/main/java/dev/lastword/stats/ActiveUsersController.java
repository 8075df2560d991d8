package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.rollup.ActiveUserReader;
import dev.lastword.rollup.Activity;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** {@code GET /stats/dau}: how many users were active? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/dau")
@ExecuteOn(TaskExecutors.BLOCKING)
class ActiveUsersController {

  /**
   * The active users of a period.
   *
   * @param date the first day of the period
   * @param activeUsers number of users who were active on at least one of its days
   */
  @Schema(name = "ActiveUsers")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Period(LocalDate date, long activeUsers) {}

  private final Answers answers;
  private final ActiveUserReader reader;
  private final ActiveDays active;
  private final Clock clock;

  ActiveUsersController(Answers answers, ActiveUserReader reader, ActiveDays active, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.active = active;
    this.clock = clock;
  }

  /**
   * Counts active users by day, week or month.
   *
   * <p>A user is active on a day with a search or an event that has the user's id. Weeks and months
   * are counted as a whole, even if {@code from} or {@code to} is within them. Periods without
   * users are 0.
   *
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param kind only {@code searches} or only {@code events}
   * @param topic only events of this topic
   * @param granularity {@code day} (the default), {@code week} (from Monday) or {@code month}
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. Other zones are read from the log, at most 200,000 rows
   */
  @Get
  @ActiveUsersDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> activeUsers(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"searches", "events"}))
          @Nullable String kind,
      @QueryValue @Nullable String topic,
      @QueryValue(defaultValue = "day")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"day", "week", "month"}))
          String granularity,
      @QueryValue @Nullable String tz) {
    Activity activity = ActivityParameters.parse(caller, kind, topic);
    Granularity period = Parameters.oneOf("granularity", granularity, Granularity.class);
    Days days = period.whole(Days.parse(from, to, tz, clock));
    return answers.of(request, caller, days, days.source(), () -> answer(activity, period, days));
  }

  private Answer answer(Activity activity, Granularity period, Days days) {
    Map<LocalDate, Long> counts =
        period == Granularity.DAY && days.isUtc()
            ? reader.perDay(activity, days.first(), days.last())
            : perPeriod(activity, period, days);
    List<Period> periods =
        period.periods(days).stream()
            .map(start -> new Period(start, counts.getOrDefault(start, 0L)))
            .toList();
    return new Answer(
        periods,
        List.of("date", "active_users"),
        periods.stream().map(row -> List.of(row.date(), row.activeUsers())).toList());
  }

  private SortedMap<LocalDate, Long> perPeriod(Activity activity, Granularity period, Days days) {
    Map<LocalDate, RoaringBitmap> users = new TreeMap<>();
    active.forEach(
        activity,
        days,
        (day, ofDay) ->
            users.computeIfAbsent(period.start(day), start -> new RoaringBitmap()).or(ofDay));
    SortedMap<LocalDate, Long> counts = new TreeMap<>();
    users.forEach((start, ofPeriod) -> counts.put(start, ofPeriod.getLongCardinality()));
    return counts;
  }
}
