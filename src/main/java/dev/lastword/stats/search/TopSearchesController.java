package dev.lastword.stats.search;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.stats.Answer;
import dev.lastword.stats.Answers;
import dev.lastword.stats.Days;
import dev.lastword.stats.Page;
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
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/top-searches}: what do people search for most? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/top-searches")
@ExecuteOn(TaskExecutors.BLOCKING)
class TopSearchesController {

  /**
   * The most frequent searches, most frequent first.
   *
   * @param source {@code counts}, or {@code log} if a part of it is read from the log
   */
  @Serdeable.Serializable
  record TopSearches(List<TopSearch> items, String source) {}

  /**
   * A frequent search.
   *
   * @param keyword the text without letter case
   * @param count number of searches
   * @param share of all searches of these days, from 0 to 1
   * @param users number of users who searched for it; null if retention has dropped some of the
   *     days from the log
   * @param sessions number of sessions that searched for it; null likewise
   * @param rank 1 for the most frequent; searches with the same number share a rank
   * @param rankBefore rank on as many days before these, with the same {@code starts_with}; null if
   *     it was not among the first 100, or the first {@code offset + limit} if that is more
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record TopSearch(
      String keyword,
      long count,
      @Nullable BigDecimal share,
      @Nullable Long users,
      @Nullable Long sessions,
      int rank,
      @Nullable Integer rankBefore) {}

  private final Answers answers;
  private final TopSearchesReader reader;
  private final Clock clock;

  TopSearchesController(Answers answers, TopSearchesReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Lists the most frequent searches, with the change of their ranks.
   *
   * <p>Texts that differ in letter case only are one search. Searches with the same number are in
   * the order of their texts.
   *
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param startsWith only searches that start with this text, ignoring case; no wildcards
   * @param limit maximum number of searches: 10 by default, 1000 at most
   * @param offset number of searches to skip, 10000 at most
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. For other zones, what is outside of whole days of UTC is read from the log, at
   *     most 200,000 searches
   */
  @Get
  @TopSearchesDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> topSearches(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue("starts_with") @Nullable String startsWith,
      @QueryValue(defaultValue = "10")
          @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "1000"))
          int limit,
      @QueryValue(defaultValue = "0")
          @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "10000"))
          int offset,
      @QueryValue @Nullable String tz) {
    Days days = Days.parse(from, to, tz, clock);
    String prefix = Parameters.folded("starts_with", startsWith);
    Page page = Page.parse(offset, limit, Parameters.MAX_LIMIT);
    return answers.of(
        request,
        caller,
        days.span(days.before()),
        days.source(),
        () -> answer(days, reader.read(caller.tenantId(), days, prefix, page)));
  }

  private static Answer answer(Days days, List<TopSearch> searches) {
    return new Answer(
        new TopSearches(searches, days.source()),
        List.of("keyword", "count", "share", "users", "sessions", "rank", "rank_before"),
        searches.stream()
            .map(
                row ->
                    Arrays.<@Nullable Object>asList(
                        row.keyword(),
                        row.count(),
                        row.share(),
                        row.users(),
                        row.sessions(),
                        row.rank(),
                        row.rankBefore()))
            .toList());
  }
}
