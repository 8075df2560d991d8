package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
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
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/retention}: how many users come back? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/retention")
@ExecuteOn(TaskExecutors.BLOCKING)
class RetentionController {
  private static final int DEFAULT_PERIODS = 8;
  private static final int MAX_PERIODS = 100;
  private static final int MAX_COHORTS = 366;
  private static final int MAX_WINDOWS = 10;

  /**
   * Cohorts, oldest first.
   *
   * @param items of each period, also if its cohort is empty
   * @param source {@code counts}, or {@code log} for days of another time zone
   */
  @Schema(name = "Cohorts")
  @Serdeable.Serializable
  record Cohorts(List<Cohort> items, String source) {}

  /**
   * Users who were first active in the same period.
   *
   * @param cohort the first day of that period
   * @param size number of users
   * @param periods that period and the following ones, until today
   */
  @Schema(name = "Cohort")
  @Serdeable.Serializable
  record Cohort(LocalDate cohort, long size, List<Period> periods) {}

  /**
   * What became of a cohort.
   *
   * @param period number of periods after the first one
   * @param returned number of users of the cohort who were active
   * @param rate their share of the cohort; null if that is empty
   */
  @Schema(name = "CohortPeriod")
  @Serdeable.Serializable
  record Period(int period, long returned, @Nullable BigDecimal rate) {

    static Period of(int period, long returned, long size) {
      return new Period(
          period,
          returned,
          size == 0
              ? null
              : BigDecimal.valueOf(returned)
                  .divide(BigDecimal.valueOf(size), 4, RoundingMode.HALF_UP));
    }
  }

  /** Names of granularities that event analytics services use. */
  private enum WindowType {
    DAILY(Granularity.DAY),
    WEEKLY(Granularity.WEEK);

    final Granularity granularity;

    WindowType(Granularity granularity) {
      this.granularity = granularity;
    }
  }

  private final Answers answers;
  private final RetentionReader reader;
  private final Clock clock;

  RetentionController(Answers answers, RetentionReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Counts how many users of each cohort were active again, by day, week or month.
   *
   * <p>A user belongs to the cohort of the first activity ever, whatever range is asked for; and an
   * event that arrives late, but is older, moves the user to an earlier cohort. Weeks and months
   * are counted as a whole, even if {@code from} or {@code to} is within them.
   *
   * @param from the first day of the first cohort; 29 days before {@code to} by default
   * @param to a day of the last cohort; today by default
   * @param granularity {@code day} (the default), {@code week} (from Monday) or {@code month}
   * @param periods number of periods after the first one: 8 by default, 1 to 100
   * @param kind only {@code searches} or only {@code events}
   * @param topic only events of this topic
   * @param startDate for clients of event analytics services: the first day, instead of {@code
   *     from} and {@code to}
   * @param windows number of cohorts, and of periods after the first one: 1 to 10
   * @param windowType {@code daily} (the default) or {@code weekly}
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. Other zones are read from the log, at most 200,000 rows
   */
  @Get
  @RetentionDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> retention(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"day", "week", "month"}))
          @Nullable String granularity,
      @QueryValue @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100"))
          @Nullable Integer periods,
      @QueryValue
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"searches", "events"}))
          @Nullable String kind,
      @QueryValue @Nullable String topic,
      @QueryValue("start_date") @Nullable String startDate,
      @QueryValue @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "10"))
          @Nullable Integer windows,
      @QueryValue("window_type")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"daily", "weekly"}))
          @Nullable String windowType,
      @QueryValue @Nullable String tz) {
    Activity activity = ActivityParameters.parse(caller, kind, topic);
    Grid grid;
    if (startDate == null) {
      Parameters.require(
          windows == null && windowType == null, "windows and window_type need start_date.");
      grid = grid(Days.parse(from, to, tz, clock), granularity, periods);
    } else {
      Parameters.require(
          from == null && to == null && granularity == null && periods == null,
          "start_date replaces from, to, granularity and periods; use either.");
      grid = grid(startDate, windows, windowType, Days.zone(tz));
    }
    return answers.of(
        request, caller, grid.days(), grid.days().source(), () -> answer(activity, grid));
  }

  private static Grid grid(Days days, @Nullable String granularity, @Nullable Integer periods) {
    Granularity period =
        granularity == null
            ? Granularity.DAY
            : Parameters.oneOf("granularity", granularity, Granularity.class);
    int count =
        periods == null ? DEFAULT_PERIODS : Parameters.upTo("periods", periods, MAX_PERIODS);
    List<LocalDate> cohorts = period.periods(days);
    Parameters.require(
        cohorts.size() <= MAX_COHORTS,
        "from and to must span at most %d cohorts; use another granularity."
            .formatted(MAX_COHORTS));
    return new Grid(period, cohorts, count, days.zone());
  }

  private static Grid grid(
      String startDate, @Nullable Integer windows, @Nullable String windowType, ZoneId zone) {
    Granularity period =
        windowType == null
            ? Granularity.DAY
            : Parameters.oneOf("window_type", windowType, WindowType.class).granularity;
    int count =
        windows == null ? DEFAULT_PERIODS : Parameters.upTo("windows", windows, MAX_WINDOWS);
    LocalDate start = Days.day("start_date", startDate);
    LocalDate first = period.start(start);
    return new Grid(
        period,
        period.periods(new Days(first, period.plus(first, count).minusDays(1), zone)),
        count,
        zone);
  }

  private Answer answer(Activity activity, Grid grid) {
    List<Cohort> cohorts = reader.read(activity, grid, LocalDate.now(clock.withZone(grid.zone())));
    return new Answer(
        new Cohorts(cohorts, grid.days().source()),
        List.of("cohort", "size", "period", "returned", "rate"),
        cohorts.stream()
            .flatMap(
                cohort ->
                    cohort.periods().stream()
                        .map(
                            period ->
                                Arrays.<@Nullable Object>asList(
                                    cohort.cohort(),
                                    cohort.size(),
                                    period.period(),
                                    period.returned(),
                                    period.rate())))
            .toList());
  }

  /**
   * The cohorts and periods of an answer.
   *
   * @param cohorts their first days, oldest first
   * @param periods number of periods after that of the cohort
   */
  record Grid(Granularity granularity, List<LocalDate> cohorts, int periods, ZoneId zone) {

    /** Returns all days, from the first of a cohort to the last of a period. */
    Days days() {
      LocalDate lastCohort = cohorts.get(cohorts.size() - 1);
      return new Days(cohorts.get(0), granularity.plus(lastCohort, periods + 1).minusDays(1), zone);
    }
  }
}
