package dev.lastword.access;

import dev.lastword.http.Parameters;
import dev.lastword.row.Text;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates, lists and revokes API keys. */
@Singleton
public class Keys {
  public static final int MAX_LABEL = 100;

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /**
   * A new key.
   *
   * @param text the key itself, which is not stored and cannot be shown again
   */
  public record Created(ApiKey key, String text) {}

  private final KeyRepository repository;
  private final Audit audit;
  private final Clock clock;

  Keys(KeyRepository repository, Audit audit, Clock clock) {
    this.repository = repository;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Creates a key.
   *
   * @param actor the administrator, see {@link Caller#getName}
   * @param scopes at least one
   * @param restrictions what it may be used for
   * @param signs whether it signs requests, and must not be sent
   * @param label who uses it; may be empty
   * @param expiresAt null for never
   * @throws io.micronaut.http.exceptions.HttpStatusException with a sentence if a value is wrong
   */
  @Transactional
  public Created create(
      String actor,
      Tenant tenant,
      Set<Scope> scopes,
      KeyRestrictions restrictions,
      boolean signs,
      String label,
      @Nullable Instant expiresAt) {
    Parameters.require(!scopes.isEmpty(), "scopes must have at least one of: write, read, admin.");
    Parameters.require(
        Text.isName(label, MAX_LABEL),
        "label must have at most %d characters, and no control characters.".formatted(MAX_LABEL));
    Parameters.require(
        expiresAt == null || (expiresAt.isAfter(clock.instant()) && expiresAt.isBefore(LATEST)),
        "expires_at must be in the future, before the year 9999.");
    KeyText text = KeyText.random();
    repository.insert(text, tenant.id(), scopes, restrictions, signs, label.strip(), expiresAt);
    audit.add(
        tenant.id(),
        actor,
        "key.create",
        text.id(),
        "%s%s%s, %s: %s"
            .formatted(
                String.join(",", Scope.names(scopes)),
                restrictions,
                signs ? ", signs requests" : "",
                expiresAt == null ? "never expires" : "expires " + expiresAt,
                label.strip()));
    return new Created(find(text.id()).orElseThrow(), text.reveal());
  }

  public Optional<ApiKey> find(String id) {
    return Optional.ofNullable(repository.find(id)).map(KeyRepository.Stored::key);
  }

  /**
   * Lists keys by tenant and age.
   *
   * @param tenantId null for all tenants
   * @param after the last key of the page before; null for the first page
   */
  public List<ApiKey> list(@Nullable Integer tenantId, @Nullable ApiKey after, int limit) {
    return repository.list(tenantId, after, limit);
  }

  /** Revokes a key. All nodes refuse it within five seconds. */
  @Transactional
  public ApiKey revoke(String actor, ApiKey key) {
    if (repository.revoke(key.id())) {
      audit.add(key.tenantId(), actor, "key.revoke", key.id(), key.label());
    }
    return find(key.id()).orElseThrow();
  }
}
