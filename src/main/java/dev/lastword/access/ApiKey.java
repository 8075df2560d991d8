package dev.lastword.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key without its secret.
 *
 * @param id the readable part of the key
 * @param restrictions what else limits its use
 * @param signs whether it signs requests, and must not be sent
 * @param label who uses it
 * @param expiresAt null if it never expires
 * @param lastUsedAt to a minute, null if it was never used
 * @param revokedAt null if it was not revoked
 */
public record ApiKey(
    String id,
    int tenantId,
    String tenant,
    Set<Scope> scopes,
    KeyRestrictions restrictions,
    boolean signs,
    String label,
    State state,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {

  /** Whether a key is accepted, by the clock of the database. */
  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }
}
