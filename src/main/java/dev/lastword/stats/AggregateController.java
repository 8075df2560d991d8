package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.daily.ValueSummary;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
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
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/aggregate}: number, sum, average, minimum or maximum of values per period. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/aggregate")
@ExecuteOn(TaskExecutors.BLOCKING)
class AggregateController {
  // Like the values themselves.
  private static final int DECIMAL_PLACES = 9;

  /** The functions. */
  private enum Fn {
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX;

    /** Returns the number of events that the result is made of. */
    long count(ValueSummary events) {
      return this == COUNT ? events.events() : events.values();
    }

    @Nullable BigDecimal of(ValueSummary events) {
      return switch (this) {
        case COUNT -> BigDecimal.valueOf(events.events());
        case SUM -> plain(events.sum());
        case AVG ->
            events.values() == 0
                ? null
                : plain(
                    events
                        .sum()
                        .divide(
                            BigDecimal.valueOf(events.values()),
                            DECIMAL_PLACES,
                            RoundingMode.HALF_UP));
        case MIN -> events.min() == null ? null : plain(events.min());
        case MAX -> events.max() == null ? null : plain(events.max());
      };
    }

    /** Removes trailing zeros, but not those before the decimal point. */
    private static BigDecimal plain(BigDecimal number) {
      BigDecimal stripped = number.stripTrailingZeros();
      return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
  }

  private final Answers answers;
  private final AggregateReader reader;
  private final Clock clock;

  AggregateController(Answers answers, AggregateReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Aggregates events by day, week or month.
   *
   * <p>Events without the value are ignored, except by {@code count}. An average is that of all
   * values of the period, with nine decimal places. Weeks and months are aggregated as a whole,
   * even if {@code from} or {@code to} is within them.
   *
   * <p>Aggregates of field {@code value} come from counts. Those of a user or of a number in the
   * payload are read from the log, at most 200,000 events.
   *
   * @param topic only events of this topic
   * @param fn {@code count} (the default), {@code sum}, {@code avg}, {@code min} or {@code max}
   * @param value {@code value} (the default), or a number in the payload, such as {@code
   *     payload.timing.ms}
   * @param granularity {@code day} (the default), {@code week} (from Monday) or {@code month}
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param userId only events of this user
   * @param fill whether to include periods without events; true by default
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. Other zones are read from the log
   */
  @Get
  @AggregateDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> aggregate(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String topic,
      @QueryValue(defaultValue = "count")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"count", "sum", "avg", "min", "max"}))
          String fn,
      @QueryValue(defaultValue = "value") String value,
      @QueryValue(defaultValue = "day")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"day", "week", "month"}))
          String granularity,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue("user_id") @Nullable String userId,
      @QueryValue(defaultValue = "true") @Parameter(schema = @Schema(type = "boolean")) String fill,
      @QueryValue @Nullable String tz) {
    Fn function = Parameters.oneOf("fn", fn, Fn.class);
    Granularity period = Parameters.oneOf("granularity", granularity, Granularity.class);
    Days days = period.whole(Days.parse(from, to, tz, clock));
    EventSelection events =
        new EventSelection(
            caller.tenantId(),
            Parameters.text("topic", topic),
            Parameters.text("user_id", userId),
            PayloadPath.parse(value),
            days);
    boolean all = Parameters.flag("fill", fill);
    String source = events.isCounted() ? Answers.COUNTS : Answers.LOG;
    return answers.of(
        request, caller, days, source, () -> answer(events, function, period, all, source));
  }

  private Answer answer(
      EventSelection events, Fn function, Granularity period, boolean all, String source) {
    Map<LocalDate, ValueSummary> summaries = new TreeMap<>();
    reader
        .perDay(events)
        .forEach((day, ofDay) -> summaries.merge(period.start(day), ofDay, ValueSummary::plus));
    List<Series.Period> periods =
        period.periods(events.days()).stream()
            .map(
                start -> {
                  ValueSummary summary = summaries.getOrDefault(start, ValueSummary.NONE);
                  return new Series.Period(
                      start.toString(), function.of(summary), function.count(summary));
                })
            .filter(row -> all || row.count() > 0)
            .toList();
    return new Series(periods, source).answer();
  }
}
