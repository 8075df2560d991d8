package dev.lastword.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.http.exceptions.HttpStatusException;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /admin/tenants}. */
@CallErrors
@RequiresScope(value = Scope.ADMIN, operator = true)
@Controller("/admin/tenants")
@ExecuteOn(TaskExecutors.BLOCKING)
class TenantController {

  /**
   * A tenant to create.
   *
   * @param name 1 to 64 lower-case letters, digits and hyphens
   */
  @Serdeable.Deserializable
  @JsonIgnoreProperties
  record NewTenant(@Nullable String name) {}

  /** A page of tenants. */
  @Schema(name = "Tenants")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Page(List<Tenant> items, @Nullable String nextCursor) {}

  private final Tenants tenants;

  TenantController(Tenants tenants) {
    this.tenants = tenants;
  }

  /**
   * Lists tenants by name.
   *
   * @param limit maximum number of tenants: 100 by default, 1000 at most
   * @param cursor the {@code next_cursor} of the page before
   */
  @Get
  @Operation(operationId = "listTenants", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The tenants.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Page.class),
              examples =
                  @ExampleObject(
                      """
                      {"items": [{"id": 1, "name": "default", "created_at": "2025-10-12T10:11:12.130Z"}],
                       "next_cursor": null}
                      """)))
  Page list(
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Parameters.MAX_LIMIT))
          int limit,
      @QueryValue(defaultValue = "") String cursor) {
    int size = Parameters.limit(limit, Parameters.MAX_LIMIT);
    Slice<Tenant> page = Slice.read(size, count -> tenants.list(cursor, count));
    return new Page(page.items(), page.next(Tenant::name));
  }

  /** Creates a tenant. */
  @Post
  @Status(HttpStatus.CREATED)
  @Operation(operationId = "createTenant", tags = "Administration")
  @ApiResponse(
      responseCode = "201",
      description = "The new tenant.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Tenant.class),
              examples =
                  @ExampleObject(
                      "{\"id\": 2, \"name\": \"shop\", \"created_at\": \"2025-10-12T10:11:12.130Z\"}")))
  @ApiResponse(responseCode = "409", description = "There is a tenant of this name.")
  Tenant create(Caller caller, @Body NewTenant request) {
    return tenants
        .create(caller.getName(), request.name == null ? "" : request.name)
        .orElseThrow(
            () ->
                new HttpStatusException(
                    HttpStatus.CONFLICT, "There is a tenant of this name already."));
  }
}
