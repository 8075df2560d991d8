package dev.lastword.stats.search;

import dev.lastword.access.Tenant;
import dev.lastword.http.Parameters;
import dev.lastword.http.ReadErrors;
import dev.lastword.stats.Answer;
import dev.lastword.stats.Answers;
import dev.lastword.stats.Days;
import dev.lastword.stats.Granularity;
import dev.lastword.stats.Series;
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
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/searches-over-time}: when do people search? */
@ReadErrors
@Controller("/stats/searches-over-time")
@ExecuteOn(TaskExecutors.BLOCKING)
class SearchesOverTimeController {
  private static final int MAX_DAYS_OF_HOURS = 150;
  private static final int HOURS = 24;

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

    /** Returns the start of the period that contains an hour or day. */
    LocalDateTime start(LocalDateTime time) {
      return this == HOUR ? time : granularity.start(time.toLocalDate()).atStartOfDay();
    }

    Stream<LocalDateTime> starts(Days days) {
      Stream<LocalDateTime> starts =
          granularity.periods(days).stream().map(LocalDate::atStartOfDay);
      return this == HOUR
          ? starts.flatMap(day -> Stream.iterate(day, hour -> hour.plusHours(1)).limit(HOURS))
          : starts;
    }

    String name(LocalDateTime start) {
      return this == HOUR
          ? start.toInstant(ZoneOffset.UTC).toString()
          : start.toLocalDate().toString();
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
   * @param from the first day, in UTC; 29 days before {@code to} by default
   * @param to the last day; today by default. Hours of at most 150 days
   */
  @Get
  @SearchesOverTimeDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> searchesOverTime(
      HttpRequest<?> request,
      @QueryValue @Nullable String keyword,
      @QueryValue(defaultValue = "day")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"hour", "day", "week", "month"}))
          String granularity,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to) {
    String text = keyword == null ? null : Parameters.keyword(keyword);
    Length length = Parameters.oneOf("granularity", granularity, Length.class);
    Days days = length.granularity.whole(Days.parse(from, to, LocalDate.now(clock)));
    Parameters.require(
        length != Length.HOUR || days.length() <= MAX_DAYS_OF_HOURS,
        "from and to must span at most %d days if granularity is hour."
            .formatted(MAX_DAYS_OF_HOURS));
    return answers.of(request, days.last(), () -> answer(text, length, days));
  }

  private Answer answer(@Nullable String keyword, Length length, Days days) {
    Map<LocalDateTime, Long> counts = new TreeMap<>();
    counts(keyword, length, days)
        .forEach((time, searches) -> counts.merge(length.start(time), searches, Long::sum));
    List<Series.Period> periods =
        length
            .starts(days)
            .map(
                start -> {
                  long count = counts.getOrDefault(start, 0L);
                  return new Series.Period(length.name(start), BigDecimal.valueOf(count), count);
                })
            .toList();
    boolean fromLog = keyword != null && length == Length.HOUR;
    return new Series(periods, fromLog ? Series.LOG : Series.COUNTS).answer();
  }

  private Map<LocalDateTime, Long> counts(@Nullable String keyword, Length length, Days days) {
    if (keyword == null) {
      return reader.perHour(Tenant.DEFAULT_ID, days);
    }
    return length == Length.HOUR
        ? reader.perHour(Tenant.DEFAULT_ID, days, keyword)
        : reader.perDay(Tenant.DEFAULT_ID, days, keyword);
  }
}
