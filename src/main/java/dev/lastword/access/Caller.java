package dev.lastword.access;

import dev.lastword.access.Tokens.Token;
import io.micronaut.http.HttpRequest;
import java.security.Principal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a request. Methods of controllers take it as a parameter.
 *
 * @param keyId the readable part of the key; null while the service is open
 * @param restrictions of the key
 * @param token the token that stands for the key; null if the key itself was sent
 */
public record Caller(
    int tenantId,
    String tenant,
    @Nullable String keyId,
    Set<Scope> scopes,
    KeyRestrictions restrictions,
    @Nullable Token token)
    implements Principal {

  private static final String ATTRIBUTE = Caller.class.getName();

  /** The sender of any request while the service is open. */
  static final Caller ANYONE =
      new Caller(
          Tenant.DEFAULT_ID,
          Tenant.DEFAULT,
          null,
          EnumSet.allOf(Scope.class),
          KeyRestrictions.NONE,
          null);

  /** Returns the sender of a request, after it was checked; empty if it needed no key. */
  public static Optional<Caller> of(HttpRequest<?> request) {
    return request.getAttribute(ATTRIBUTE, Caller.class);
  }

  void setOn(HttpRequest<?> request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  static Caller of(ApiKey key) {
    return new Caller(
        key.tenantId(), key.tenant(), key.id(), key.scopes(), key.restrictions(), null);
  }

  static Caller of(ApiKey key, Token token) {
    Set<Scope> scopes = EnumSet.copyOf(token.scopes());
    scopes.retainAll(key.scopes());
    return new Caller(key.tenantId(), key.tenant(), key.id(), scopes, key.restrictions(), token);
  }

  /** Returns whether it may know more than what it sent itself. */
  public boolean canRead() {
    return scopes.contains(Scope.READ);
  }

  /** Returns whether the key belongs to the tenant that may see and manage all of the service. */
  public boolean isOperator() {
    return tenantId == Tenant.DEFAULT_ID;
  }

  /**
   * Returns the id of the key, {@code anyone} while the service is open. It names the actor of an
   * audit entry.
   */
  @Override
  public String getName() {
    return keyId == null ? "anyone" : keyId;
  }
}
