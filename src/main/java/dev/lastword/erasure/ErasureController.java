package dev.lastword.erasure;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.access.Slice;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code DELETE /users/{user_id}} and {@code /admin/erasures}. */
@CallErrors
@RequiresScope(Scope.ADMIN)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ErasureController {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final String EXAMPLE =
      """
      {"id": "17", "tenant": "shop", "state": "finished", "from": null, "to": null,
       "requested_at": "2025-10-12T10:11:12.130Z", "finished_at": "2025-10-12T10:11:12.410Z", "actor": "4k2m9x7qpz3d",
       "erased": {"staged": 1, "searches": 112, "events": 8, "dead_letters": 0, "answers": 0, "active_days": 23}}
      """;

  private final Erasures erasures;
  private final Tenants tenants;

  ErasureController(Erasures erasures, Tenants tenants) {
    this.erasures = erasures;
    this.tenants = tenants;
  }

  /**
   * Erases a user: from sessions that are typing, both logs, counts, keys of events, dead letters
   * and stored answers. What the user does after the request is new, and stays. If it takes longer
   * than five seconds, nodes go on with it.
   *
   * @param userId the user
   * @param from only what happened at this time or later: a date or a time
   * @param to only what happened before this time
   * @param tenant the tenant of the user; that of the caller by default
   */
  @Delete("/users/{user_id}")
  @Operation(operationId = "eraseUser", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The receipt: the user is erased.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ErasureResponse.class),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(
      responseCode = "202",
      description = "The receipt so far. See `GET /admin/erasures/{id}` for its end.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ErasureResponse.class)))
  HttpResponse<ErasureResponse> erase(
      Caller caller,
      @PathVariable("user_id") String userId,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue @Nullable String tenant) {
    Tenant owner = tenants.manageableBy(caller, tenant);
    long id = erasures.request(caller.getName(), owner, userId, TimeRange.parse(from, to));
    boolean finished = erasures.run(id, PATIENCE);
    return HttpResponse.<ErasureResponse>status(finished ? HttpStatus.OK : HttpStatus.ACCEPTED)
        .body(ErasureResponse.of(erasures.find(id).orElseThrow()));
  }

  /**
   * Lists the receipts of erasures, newest first.
   *
   * @param tenant those of this tenant; by default, of the caller's tenant, or of all tenants if
   *     that is {@code default}
   * @param limit maximum number of receipts: 100 by default, 1000 at most
   * @param cursor the {@code next_cursor} of the page before
   */
  @Get("/admin/erasures")
  @Operation(operationId = "listErasures", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The receipts.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ErasureResponse.Page.class),
              examples = @ExampleObject("{\"items\": [" + EXAMPLE + "], \"next_cursor\": null}")))
  ErasureResponse.Page list(
      Caller caller,
      @QueryValue @Nullable String tenant,
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Parameters.MAX_LIMIT))
          int limit,
      @QueryValue @Nullable String cursor) {
    int size = Parameters.limit(limit, Parameters.MAX_LIMIT);
    Integer tenantId = tenants.visibleTo(caller, tenant);
    long before = Parameters.before(cursor);
    Slice<Erasure> page = Slice.read(size, count -> erasures.list(tenantId, before, count));
    return new ErasureResponse.Page(
        page.map(ErasureResponse::of), page.next(erasure -> Long.toString(erasure.id())));
  }

  /**
   * Returns the receipt of an erasure.
   *
   * @param id its number
   */
  @Get("/admin/erasures/{id}")
  @Operation(operationId = "getErasure", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The receipt.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ErasureResponse.class),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
  ErasureResponse get(Caller caller, String id) {
    return find(id)
        .filter(erasure -> caller.isOperator() || erasure.tenant().equals(caller.tenant()))
        .map(ErasureResponse::of)
        .orElseThrow(
            () -> new HttpStatusException(HttpStatus.NOT_FOUND, "There is no such erasure."));
  }

  private Optional<Erasure> find(String id) {
    try {
      return erasures.find(Long.parseLong(id));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
