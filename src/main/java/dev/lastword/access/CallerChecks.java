package dev.lastword.access;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Decides whether a sender may go on receiving what it asked for: streams and downloads outlive the
 * check of their request.
 */
@Singleton
public class CallerChecks {
  private final KeyCache keys;
  private final SessionCache sessions;
  private final Clock clock;

  CallerChecks(KeyCache keys, SessionCache sessions, Clock clock) {
    this.keys = keys;
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Returns why the sender may not go on, in a sentence; empty if it may, or if the database does
   * not answer. Does not wait, and never fails.
   */
  public CompletableFuture<Optional<String>> refusal(Caller caller) {
    return check(caller)
        .handle(
            (checked, failure) -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              return cause instanceof AccessDeniedException denied
                  ? Optional.of(String.valueOf(denied.getMessage()))
                  : Optional.empty();
            });
  }

  private CompletableFuture<?> check(Caller caller) {
    String keyId = caller.keyId();
    if (keyId == null) {
      return keys.existence().thenAccept(CallerChecks::requireNone);
    }
    Tokens.Token token = caller.token();
    if (token == null) {
      return keys.find(keyId).thenAccept(key -> requireScopes(caller, AccessFilter.active(key)));
    }
    if (!token.expiresAt().isAfter(clock.instant())) {
      return CompletableFuture.failedFuture(AccessDeniedException.expiredToken());
    }
    return sessions
        .requireOpen(token)
        .thenCompose(open -> keys.find(keyId))
        .thenAccept(key -> requireScopes(caller, AccessFilter.active(key)));
  }

  private static void requireNone(boolean exist) {
    if (exist) {
      throw AccessDeniedException.noKey();
    }
  }

  private static void requireScopes(Caller caller, ApiKey key) {
    for (Scope scope : caller.scopes()) {
      if (!key.scopes().contains(scope)) {
        throw AccessDeniedException.scope(scope);
      }
    }
  }
}
