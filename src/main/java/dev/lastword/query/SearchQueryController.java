package dev.lastword.query;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Ndjson;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
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
import org.jspecify.annotations.Nullable;

/** {@code GET /searches}. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/searches")
@ExecuteOn(TaskExecutors.BLOCKING)
class SearchQueryController {

  private final SearchReader reader;
  private final LogResponses logResponses;
  private final FormatNegotiation formats;

  SearchQueryController(SearchReader reader, LogResponses logResponses, FormatNegotiation formats) {
    this.reader = reader;
    this.logResponses = logResponses;
    this.formats = formats;
  }

  /**
   * Lists searches, newest first or oldest first.
   *
   * <p>{@code Accept: text/csv} and {@code Accept: application/x-ndjson} stream all matching
   * searches. In CSV, a text that a spreadsheet would run as a formula is prefixed with an
   * apostrophe; NDJSON is exact. If a connection ends without the last chunk, the stream is
   * incomplete.
   *
   * @param userId searches of this user
   * @param sessionId searches of this session
   * @param keyword searches for exactly this text, ignoring case
   * @param startsWith searches that start with this text, ignoring case; no wildcards
   * @param q searches with this text anywhere, likewise. No index covers this, so each call scans
   *     at most 200,000 searches; {@code looked_back_to} is the time that it reached, and {@code
   *     next_cursor} continues from there
   * @param from searches at or after this time, such as {@code 2026-01-31T09:30:00Z}, or day in
   *     UTC, such as {@code 2026-01-31}
   * @param to searches before this time or day
   * @param limit maximum number of searches: 100 by default, 1000 at most; unlimited in CSV and
   *     NDJSON
   * @param order {@code newest} first (the default), or {@code oldest}: the way of a user or
   *     session
   * @param cursor the {@code next_cursor} of the page before, with the same filters and order
   */
  @Get
  @SearchQueryDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV, Ndjson.TYPE})
  HttpResponse<?> searches(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue("user_id") @Nullable String userId,
      @QueryValue("session_id") @Nullable String sessionId,
      @QueryValue @Nullable String keyword,
      @QueryValue("starts_with") @Nullable String startsWith,
      @QueryValue @Nullable String q,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue @Parameter(schema = @Schema(type = "integer", minimum = "1"))
          @Nullable Integer limit,
      @QueryValue(defaultValue = "newest")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"newest", "oldest"}))
          String order,
      @QueryValue @Nullable String cursor) {
    SearchFilter filter =
        SearchFilter.parse(
            caller.tenantId(),
            userId,
            sessionId,
            keyword,
            startsWith,
            q,
            TimeRange.parse(from, to));
    Order rowOrder = Order.parse(order);
    Cursor after = cursor == null ? null : Cursor.decode(cursor, caller.tenantId());
    LogFormat format = formats.streamed(request);
    if (format != null) {
      return logResponses.download(
          request,
          reader,
          filter,
          rowOrder,
          after,
          Parameters.downloadSize(limit),
          format,
          LoggedSearch.COLUMNS);
    }
    int size = Parameters.pageSize(limit);
    return logResponses.<LoggedSearch>page(
        request,
        page -> reader.page(filter, rowOrder, after, 0, size, page),
        (count, end) -> SearchPage.around(caller.tenantId(), end));
  }
}
