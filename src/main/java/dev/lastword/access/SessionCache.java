package dev.lastword.access;

import io.micronaut.context.annotation.Value;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Browser sessions in memory: one that is ended works nowhere after five seconds. */
@Singleton
class SessionCache {
  private final Sessions sessions;
  private final FreshCache<String, Boolean> open;

  SessionCache(
      Sessions sessions,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads,
      @Value("${lastword.max-wait}") Duration maxWait) {
    this.sessions = sessions;
    this.open = new FreshCache<>(threads, maxWait, sessions::isOpen);
  }

  /**
   * Checks that the session of a token is open, if it is that of a session.
   *
   * @return a future that fails with an {@link AccessDeniedException} if it is not
   */
  CompletableFuture<Void> requireOpen(Tokens.Token token) {
    String session = token.session();
    if (session == null) {
      return CompletableFuture.completedFuture(null);
    }
    return open.get(session)
        .thenAccept(
            isOpen -> {
              if (!isOpen) {
                throw AccessDeniedException.endedSession();
              }
            });
  }

  /** Ends a session: on this node at once. */
  void end(String session) {
    sessions.end(session);
    open.forget(session);
  }

  /** Ends all sessions of a key: on this node at once. */
  void endAll(String keyId) {
    sessions.endAll(keyId);
    open.forgetAll();
  }
}
