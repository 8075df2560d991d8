package dev.lastword.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /admin/keys}: keys of the caller's tenant; of any tenant for callers of the default one.
 */
@CallErrors
@RequiresScope(Scope.ADMIN)
@Controller("/admin/keys")
@ExecuteOn(TaskExecutors.BLOCKING)
class KeyController {

  private static final String EXAMPLE =
      """
      {"id": "4k2m9x7qpz3d", "tenant": "shop", "scopes": ["write"], "topics": ["product_viewed"],
       "origins": ["https://shop.example"], "signs": false, "label": "search box", "state": "active",
       "created_at": "2025-10-12T10:11:12.130Z", "expires_at": null, "last_used_at": null, "revoked_at": null}
      """;

  /**
   * A key to create.
   *
   * @param tenant its tenant; that of the caller by default
   * @param scopes one or more of write, read, admin
   * @param topics topics of the events that it may write, up to 100; all by default
   * @param origins origins of the pages that may use it, up to 20, such as {@code
   *     https://*.shop.example}; by default anyone may, also without a page
   * @param signs whether it signs requests instead of being sent; false by default
   * @param label who uses it, up to 100 characters
   * @param expiresAt a time or a day in the future; never by default
   */
  @Schema(name = "NewApiKey")
  @Serdeable.Deserializable(naming = SnakeCaseStrategy.class)
  @JsonIgnoreProperties // an unknown field is an error: a mistyped expires_at must not be ignored
  record NewKey(
      @Nullable String tenant,
      @Nullable List<String> scopes,
      @Nullable List<String> topics,
      @Nullable List<String> origins,
      @Nullable Boolean signs,
      @Nullable String label,
      @Nullable String expiresAt) {}

  private final Keys keys;
  private final Tenants tenants;

  KeyController(Keys keys, Tenants tenants) {
    this.keys = keys;
    this.tenants = tenants;
  }

  /**
   * Lists API keys, by tenant and age.
   *
   * @param tenant keys of this tenant; by default, of the caller's tenant, or of all tenants if
   *     that is {@code default}
   * @param limit maximum number of keys: 100 by default, 1000 at most
   * @param cursor the {@code next_cursor} of the page before
   */
  @Get
  @Operation(operationId = "listKeys", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The keys, without their secrets.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = KeyResponse.Page.class),
              examples = @ExampleObject("{\"items\": [" + EXAMPLE + "], \"next_cursor\": null}")))
  KeyResponse.Page list(
      Caller caller,
      @QueryValue @Nullable String tenant,
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Parameters.MAX_LIMIT))
          int limit,
      @QueryValue @Nullable String cursor) {
    int size = Parameters.limit(limit, Parameters.MAX_LIMIT);
    Integer tenantId = tenants.visibleTo(caller, tenant);
    ApiKey after = cursor == null ? null : find(caller, cursor).orElse(null);
    Parameters.require(
        cursor == null || after != null, "cursor must be the next_cursor of a response.");
    Slice<ApiKey> page = Slice.read(size, count -> keys.list(tenantId, after, count));
    return new KeyResponse.Page(page.map(key -> KeyResponse.of(key, null)), page.next(ApiKey::id));
  }

  /** Creates an API key. The response is the only place where it can be read. */
  @Post
  @Status(HttpStatus.CREATED)
  @Operation(operationId = "createKey", tags = "Administration")
  @ApiResponse(
      responseCode = "201",
      description = "The new key.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = KeyResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"key": "lw_4k2m9x7qpz3d_NmSYGSSbKVVR1lUdLsAqDHuDoOQZRrSzKWDnl2AaWcw", "id": "4k2m9x7qpz3d",
                       "tenant": "shop", "scopes": ["write"], "topics": ["product_viewed"],
                       "origins": ["https://shop.example"], "signs": false, "label": "search box", "state": "active",
                       "created_at": "2025-10-12T10:11:12.130Z", "expires_at": null, "last_used_at": null,
                       "revoked_at": null}
                      """)))
  HttpResponse<KeyResponse> create(Caller caller, @Body NewKey request) {
    Keys.Created created =
        keys.create(
            caller.getName(),
            tenants.manageableBy(caller, request.tenant),
            Scope.parse("scopes", request.scopes == null ? List.of() : request.scopes),
            KeyRestrictions.of(request.topics, request.origins),
            Boolean.TRUE.equals(request.signs),
            request.label == null ? "" : request.label,
            request.expiresAt == null ? null : Parameters.time("expires_at", request.expiresAt));
    return HttpResponse.created(KeyResponse.of(created.key(), created.text()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /**
   * Revokes an API key. All nodes refuse it within five seconds.
   *
   * @param id the readable part of the key
   */
  @Delete("/{id}")
  @Operation(operationId = "revokeKey", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The key, which is revoked now or was before.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = KeyResponse.class),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
  KeyResponse revoke(Caller caller, String id) {
    ApiKey key =
        find(caller, id)
            .orElseThrow(
                () -> new HttpStatusException(HttpStatus.NOT_FOUND, "There is no such key."));
    return KeyResponse.of(keys.revoke(caller.getName(), key), null);
  }

  /** Finds a key that the caller may manage. */
  private Optional<ApiKey> find(Caller caller, String id) {
    return keys.find(id).filter(key -> caller.isOperator() || key.tenantId() == caller.tenantId());
  }
}
