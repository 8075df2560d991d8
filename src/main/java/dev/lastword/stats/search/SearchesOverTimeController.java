package dev.lastword.stats.search;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.stats.Answer;
import dev.lastword.stats.Answers;
import dev.lastword.stats.Days;
import dev.lastword.stats.Granularity;
import dev.lastword.stats.Series;
import dev.lastword.stats.search.SearchesOverTimeReader.Sink;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/searches-over-time}: when do people search? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/searches-over-time")
@ExecuteOn(TaskExecutors.BLOCKING)
class SearchesOverTimeController {
  private static final int MAX_DAYS_OF_HOURS = 150;
  // Finds all hours, also where clocks change by half an hour.
  private static final UnaryOperator<LocalDateTime> LATER = time -> time.plusMinutes(15);
  // With seconds, unlike the default.
  private static final DateTimeFormatter ISO_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");

  /** The length of periods. */
  private enum Length {
    HOUR(Granularity.DAY),
    DAY(Granularity.DAY),
    WEEK(Granularity.WEEK),
    MONTH(Granularity.MONTH);

    private final Granularity granularity;

    Length(Granularity granularity) {
      this.granularity = granularity;
    }

    /** Returns the name of the period that contains a time. */
    String name(ZonedDateTime time) {
      return this == HOUR
          ? time.truncatedTo(ChronoUnit.HOURS).format(ISO_SECONDS)
          : granularity.start(time.toLocalDate()).toString();
    }

    /** Returns the names of all periods, in their order. */
    Stream<String> names(Days days) {
      return this == HOUR
          ? Stream.iterate(days.start(), time -> time.isBefore(days.end()), LATER)
              .map(time -> name(days.at(time)))
              .distinct()
          : granularity.periods(days).stream().map(LocalDate::toString);
    }
  }

  private final Answers answers;
  private final SearchesOverTimeReader reader;
  private final Clock clock;

  SearchesOverTimeController(Answers answers, SearchesOverTimeReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Counts searches by hour, day, week or month, all or those for one keyword.
   *
   * <p>Weeks and months are counted as a whole, even if {@code from} or {@code to} is within them.
   * Periods without searches are 0. The hours of a keyword are read from the log, at most 200,000
   * searches.
   *
   * @param keyword only searches for exactly this text, ignoring case
   * @param granularity {@code hour}, {@code day} (the default), {@code week} (from Monday) or
   *     {@code month}
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default. Hours of at most 150 days
   * @param tz the time zone of the periods, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. A keyword, and zones whose offset from UTC is no whole hour, are read from the log
   */
  @Get
  @SearchesOverTimeDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> searchesOverTime(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String keyword,
      @QueryValue(defaultValue = "day")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"hour", "day", "week", "month"}))
          String granularity,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue @Nullable String tz) {
    String text = keyword == null ? null : Parameters.keyword(keyword);
    Length length = Parameters.oneOf("granularity", granularity, Length.class);
    Days days = length.granularity.whole(Days.parse(from, to, tz, clock));
    Parameters.require(
        length != Length.HOUR || days.length() <= MAX_DAYS_OF_HOURS,
        "from and to must span at most %d days if granularity is hour."
            .formatted(MAX_DAYS_OF_HOURS));
    boolean counted = text == null ? days.hasHoursOfUtc() : days.isUtc() && length != Length.HOUR;
    String source = counted ? Answers.COUNTS : Answers.LOG;
    return answers.of(
        request, caller, days, source, () -> answer(caller, text, length, days, source));
  }

  private Answer answer(
      Caller caller, @Nullable String keyword, Length length, Days days, String source) {
    Map<String, Long> counts = new LinkedHashMap<>();
    length.names(days).forEach(name -> counts.put(name, 0L));
    Sink sink = (time, searches) -> counts.merge(length.name(days.at(time)), searches, Long::sum);
    if (source.equals(Answers.LOG)) {
      reader.logged(caller.tenantId(), days, keyword, sink);
    } else if (keyword == null) {
      reader.hours(caller.tenantId(), days, sink);
    } else {
      reader.days(caller.tenantId(), days, keyword, sink);
    }
    List<Series.Period> periods = new ArrayList<>();
    counts.forEach(
        (name, count) -> periods.add(new Series.Period(name, BigDecimal.valueOf(count), count)));
    return new Series(periods, source).answer();
  }
}
