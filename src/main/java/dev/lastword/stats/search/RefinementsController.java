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
import dev.lastword.stats.search.RefinementsReader.FollowUps;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/refinements}: what do people search for next? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/refinements")
@ExecuteOn(TaskExecutors.BLOCKING)
class RefinementsController {

  /**
   * What followed the searches for a keyword.
   *
   * @param items the searches that came next, most frequent first
   * @param searches number of searches for the keyword
   * @param nothingMore number of them after which the session searched for nothing else within 30
   *     minutes
   * @param nothingMoreShare {@code nothing_more} of {@code searches}, from 0 to 1; null if there
   *     are none
   * @param source {@code log}
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Refinements(
      List<Refinement> items,
      long searches,
      long nothingMore,
      @Nullable BigDecimal nothingMoreShare,
      String source) {}

  /**
   * A search that came next.
   *
   * @param keyword the text without letter case
   * @param count number of times
   * @param share of the searches for the keyword that was asked for, from 0 to 1
   */
  @Serdeable.Serializable
  record Refinement(String keyword, long count, @Nullable BigDecimal share) {}

  private final Answers answers;
  private final RefinementsReader reader;
  private final Clock clock;

  RefinementsController(Answers answers, RefinementsReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Lists what the same sessions searched for next, within 30 minutes after a keyword.
   *
   * <p>A repeat of the keyword within 30 minutes belongs to the same search. Read from the log, at
   * most 200,000 searches of these sessions. In CSV, the line without a keyword is the number of
   * searches after which nothing more came.
   *
   * @param keyword the text, ignoring case
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param limit maximum number of searches: 10 by default, 1000 at most
   * @param offset number of searches to skip, 10000 at most
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default
   */
  @Get
  @RefinementsDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> refinements(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue String keyword,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue(defaultValue = "10")
          @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "1000"))
          int limit,
      @QueryValue(defaultValue = "0")
          @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "10000"))
          int offset,
      @QueryValue @Nullable String tz) {
    String text = Parameters.keyword(keyword);
    Days days = Days.parse(from, to, tz, clock);
    Page page = Page.parse(offset, limit, Parameters.MAX_LIMIT);
    // What follows the last searches of the last day belongs to the day after.
    Days read = new Days(days.first(), days.last().plusDays(1), days.zone());
    return answers.of(
        request,
        caller,
        read,
        Answers.LOG,
        () -> answer(reader.read(caller.tenantId(), text, days), page));
  }

  private static Answer answer(FollowUps followUps, Page page) {
    long total = followUps.searches();
    List<Refinement> items =
        page.of(KeywordCount.mostFrequent(followUps.next(), page.end())).stream()
            .map(
                next ->
                    new Refinement(
                        next.keyword(), next.searches(), Shares.of(next.searches(), total)))
            .toList();
    long nothing = total - followUps.next().values().stream().mapToLong(Long::longValue).sum();
    List<List<@Nullable Object>> lines = new ArrayList<>();
    items.forEach(row -> lines.add(Arrays.asList(row.keyword, row.count, row.share)));
    lines.add(Arrays.asList(null, nothing, Shares.of(nothing, total)));
    return new Answer(
        new Refinements(items, total, nothing, Shares.of(nothing, total), Answers.LOG),
        List.of("keyword", "count", "share"),
        lines);
  }
}
