package dev.lastword.stats.search;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.stats.Answer;
import dev.lastword.stats.Answers;
import dev.lastword.stats.Days;
import dev.lastword.stats.Granularity;
import dev.lastword.stats.search.SessionsReader.SearchDay;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/sessions}: how do people search? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/sessions")
@ExecuteOn(TaskExecutors.BLOCKING)
class SessionsController {
  private static final int DECIMAL_PLACES = 2;

  /**
   * Each day, oldest first.
   *
   * @param source {@code counts}, or {@code log} for days of another time zone
   */
  @Serdeable.Serializable
  record Sessions(List<SessionDay> items, String source) {}

  /**
   * The sessions of a day.
   *
   * @param period the day
   * @param sessions number of sessions that searched; null if retention had dropped the day from
   *     the log before they were counted
   * @param searches number of searches logged
   * @param searchesPerSession {@code searches} by {@code sessions}; null without sessions
   * @param keystrokes number of keystrokes that it took to type these searches
   * @param keystrokesPerSearch {@code keystrokes} by {@code searches}; null without searches
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record SessionDay(
      LocalDate period,
      @Nullable Long sessions,
      long searches,
      @Nullable BigDecimal searchesPerSession,
      long keystrokes,
      @Nullable BigDecimal keystrokesPerSearch) {

    static SessionDay of(LocalDate day, SearchDay counts) {
      return new SessionDay(
          day,
          counts.sessions(),
          counts.searches(),
          ratio(counts.searches(), counts.sessions()),
          counts.keystrokes(),
          ratio(counts.keystrokes(), counts.searches()));
    }

    private static @Nullable BigDecimal ratio(long number, @Nullable Long by) {
      return by == null || by == 0
          ? null
          : BigDecimal.valueOf(number)
              .divide(BigDecimal.valueOf(by), DECIMAL_PLACES, RoundingMode.HALF_UP);
    }
  }

  private final Answers answers;
  private final SessionsReader reader;
  private final Clock clock;

  SessionsController(Answers answers, SessionsReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Counts sessions per day, their searches, and the keystrokes that these took.
   *
   * <p>A session that searches on two days is counted on both.
   *
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. Other zones are read from the log, at most 200,000 searches
   */
  @Get
  @SessionsDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> sessions(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue @Nullable String tz) {
    Days days = Days.parse(from, to, tz, clock);
    return answers.of(request, caller, days, days.source(), () -> answer(caller, days));
  }

  private Answer answer(Caller caller, Days days) {
    Map<LocalDate, SearchDay> counts = reader.read(caller.tenantId(), days);
    List<SessionDay> items =
        Granularity.DAY.periods(days).stream()
            .map(day -> SessionDay.of(day, counts.getOrDefault(day, SearchDay.NONE)))
            .toList();
    return new Answer(
        new Sessions(items, days.source()),
        List.of(
            "period",
            "sessions",
            "searches",
            "searches_per_session",
            "keystrokes",
            "keystrokes_per_search"),
        items.stream()
            .map(
                row ->
                    Arrays.<@Nullable Object>asList(
                        row.period,
                        row.sessions,
                        row.searches,
                        row.searchesPerSession,
                        row.keystrokes,
                        row.keystrokesPerSearch))
            .toList());
  }
}
