package dev.lastword.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An API key.
 *
 * @param key the key itself, only in the response that creates it
 * @param id the readable part of the key
 * @param tenant name of the tenant that it belongs to
 * @param scopes write, read, admin
 * @param topics topics of the events that it may write; empty for all
 * @param origins origins of the pages that may use it; empty if anyone may, also without a page
 * @param signs whether it signs requests, and must not be sent
 * @param label who uses it
 * @param state active, expired or revoked
 * @param createdAt time of its creation
 * @param expiresAt null if it never expires
 * @param lastUsedAt time of its last use, to a minute; null if it was never used
 * @param revokedAt null if it was not revoked
 */
@Schema(name = "ApiKey")
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record KeyResponse(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
    String id,
    String tenant,
    List<String> scopes,
    List<String> topics,
    List<String> origins,
    boolean signs,
    String label,
    String state,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {

  /** A page of keys. */
  @Schema(name = "ApiKeys")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Page(List<KeyResponse> items, @Nullable String nextCursor) {}

  static KeyResponse of(ApiKey key, @Nullable String text) {
    return new KeyResponse(
        text,
        key.id(),
        key.tenant(),
        Scope.names(key.scopes()),
        key.restrictions().topics(),
        key.restrictions().origins(),
        key.signs(),
        key.label(),
        key.state().name().toLowerCase(Locale.ROOT),
        key.createdAt(),
        key.expiresAt(),
        key.lastUsedAt(),
        key.revokedAt());
  }
}
