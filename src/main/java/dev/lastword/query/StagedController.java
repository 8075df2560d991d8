package dev.lastword.query;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Duration;
import java.util.List;

/** {@code GET /searches/staged}. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/searches/staged")
@ExecuteOn(TaskExecutors.BLOCKING)
class StagedController {

  private final StagedReader reader;
  private final Duration debounce;
  private final LogResponses logResponses;

  StagedController(
      StagedReader reader,
      @Value("${lastword.debounce}") Duration debounce,
      LogResponses logResponses) {
    this.reader = reader;
    this.debounce = debounce;
    this.logResponses = logResponses;
  }

  /**
   * Lists sessions that are typing now, newest first.
   *
   * @param limit maximum number of sessions; fewer if their searches exceed 2 MiB
   */
  @Get
  @Operation(operationId = "listStagedSearches", tags = "Searches")
  @ApiResponse(
      responseCode = "200",
      description = "The sessions that typed last, newest first.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = StagedSession.Page.class),
              examples =
                  @ExampleObject(
                      """
                    {"items": [
                      {"session_id": "s-4711", "user_id": "ann", "keyword": "Bonn hot", "keystrokes": 17,
                       "rested": false, "submitted": false, "finished": ["Berlin"],
                       "typed_at": "2025-10-12T10:11:11.870Z", "last_seen": "2025-10-12T10:11:12.130Z",
                       "age_ms": 240}], "debounce_ms": 5000}
                    """)))
  HttpResponse<?> staged(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Parameters.MAX_LIMIT))
          int limit) {
    int maxSessions = Parameters.limit(limit, Parameters.MAX_LIMIT);
    return logResponses.<StagedSession>page(
        request,
        page -> {
          // Until the page is full: texts may be longer in JSON than in the database.
          for (StagedSession session :
              reader.newest(caller.tenantId(), maxSessions, LogResponses.PAGE_BYTES)) {
            if (!page.add(session)) {
              break;
            }
          }
          return new LogReader.End(null, false);
        },
        (count, end) -> new StagedSession.Page(List.of(), debounce.toMillis()));
  }
}
