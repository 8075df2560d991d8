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

/** {@code GET /stats/trending-searches}: what do people search for more than before? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/trending-searches")
@ExecuteOn(TaskExecutors.BLOCKING)
class TrendingSearchesController {
  private static final int WEEK = 7;
  private static final int MAX_DAYS = 92;

  /**
   * The searches, strongest trend first.
   *
   * @param source {@code counts}, or {@code log} if a part of it is read from the log
   */
  @Serdeable.Serializable
  record TrendingSearches(List<TrendingSearch> items, String source) {}

  /**
   * A search whose share has risen.
   *
   * @param keyword the text without letter case
   * @param count number of searches
   * @param countBefore number of searches on as many days before these
   * @param share of all searches of these days, from 0 to 1
   * @param shareBefore of all searches of the days before
   * @param score how unlikely it is that the rise is chance: the log-likelihood ratio
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record TrendingSearch(
      String keyword,
      long count,
      long countBefore,
      @Nullable BigDecimal share,
      @Nullable BigDecimal shareBefore,
      BigDecimal score) {}

  private final Answers answers;
  private final TrendingSearchesReader reader;
  private final Clock clock;

  TrendingSearchesController(Answers answers, TrendingSearchesReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Lists the searches whose share of all searches has risen, compared with as many days before.
   *
   * <p>They are ordered by {@code score}, the log-likelihood ratio (Dunning, 1993) of the keyword
   * and all other searches, now and before. A search is listed if it was searched for at least 5
   * times and its score is at least 10.83, which chance alone exceeds for one keyword in 1,000. So
   * a rise of all searches is no trend, nor is one from 1 to 2. If there were no searches before,
   * there are no trends.
   *
   * @param from the first day; 6 days before {@code to} by default
   * @param to the last day; today by default. At most 92 days
   * @param limit maximum number of searches: 10 by default, 1000 at most
   * @param offset number of searches to skip, 10000 at most
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. For other zones, what is outside of whole days of UTC is read from the log, at
   *     most 200,000 searches
   */
  @Get
  @TrendingSearchesDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> trendingSearches(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue(defaultValue = "10")
          @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "1000"))
          int limit,
      @QueryValue(defaultValue = "0")
          @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "10000"))
          int offset,
      @QueryValue @Nullable String tz) {
    Days days = Days.parse(from, to, tz, clock, WEEK);
    days.requireAtMost(MAX_DAYS);
    Page page = Page.parse(offset, limit, Parameters.MAX_LIMIT);
    return answers.of(
        request,
        caller,
        days.span(days.before()),
        days.source(),
        () -> answer(days, reader.read(caller.tenantId(), days, page)));
  }

  private static Answer answer(Days days, List<TrendingSearch> searches) {
    return new Answer(
        new TrendingSearches(searches, days.source()),
        List.of("keyword", "count", "count_before", "share", "share_before", "score"),
        searches.stream()
            .map(
                row ->
                    Arrays.<@Nullable Object>asList(
                        row.keyword(),
                        row.count(),
                        row.countBefore(),
                        row.share(),
                        row.shareBefore(),
                        row.score()))
            .toList());
  }
}
