package dev.lastword.access;

import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /admin/audit}: what administrators did. */
@CallErrors
@RequiresScope(Scope.ADMIN)
@Controller("/admin/audit")
@ExecuteOn(TaskExecutors.BLOCKING)
class AuditController {

  /**
   * Something that an administrator did.
   *
   * @param doneAt time by the clock of the database
   * @param tenant name of the tenant that it was about
   * @param actor id of an API key; {@code cli:} and a user of the system; or {@code anyone}, while
   *     the service was open
   * @param action tenant.create, key.create, key.revoke
   * @param subject id of the key, or name of the tenant
   * @param detail more about it, for people
   */
  @Schema(name = "AuditEntry")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record EntryResponse(
      Instant doneAt, String tenant, String actor, String action, String subject, String detail) {

    static EntryResponse of(Audit.Entry entry) {
      return new EntryResponse(
          entry.doneAt(),
          entry.tenant(),
          entry.actor(),
          entry.action(),
          entry.subject(),
          entry.detail());
    }
  }

  /** A page of entries. */
  @Schema(name = "AuditEntries")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Page(List<EntryResponse> items, @Nullable String nextCursor) {}

  private final Audit audit;
  private final Tenants tenants;

  AuditController(Audit audit, Tenants tenants) {
    this.audit = audit;
    this.tenants = tenants;
  }

  /**
   * Lists what administrators did, newest first.
   *
   * @param tenant what was about this tenant; by default, about the caller's tenant, or about all
   *     tenants if that is {@code default}
   * @param limit maximum number of entries: 100 by default, 1000 at most
   * @param cursor the {@code next_cursor} of the page before
   */
  @Get
  @Operation(operationId = "listAudit", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The entries.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Page.class),
              examples =
                  @ExampleObject(
                      """
                      {"items": [
                        {"done_at": "2025-10-12T10:11:12.130Z", "tenant": "shop", "actor": "cli:ann", "action": "key.create",
                         "subject": "4k2m9x7qpz3d", "detail": "write, never expires: search box"}],
                       "next_cursor": null}
                      """)))
  Page list(
      Caller caller,
      @QueryValue @Nullable String tenant,
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Parameters.MAX_LIMIT))
          int limit,
      @QueryValue @Nullable String cursor) {
    int size = Parameters.limit(limit, Parameters.MAX_LIMIT);
    Integer tenantId = tenants.visibleTo(caller, tenant);
    long before = Parameters.before(cursor);
    Slice<Audit.Entry> page = Slice.read(size, count -> audit.list(tenantId, before, count));
    return new Page(page.map(EntryResponse::of), page.next(entry -> Long.toString(entry.id())));
  }
}
