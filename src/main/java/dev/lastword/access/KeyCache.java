package dev.lastword.access;

import dev.lastword.access.KeyRepository.Stored;
import io.micronaut.context.annotation.Value;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in memory, see {@link FreshCache}: a key that is revoked works nowhere after five seconds.
 */
@Singleton
class KeyCache {
  private static final Logger LOG = LoggerFactory.getLogger(KeyCache.class);

  private static final CompletableFuture<Boolean> YES = CompletableFuture.completedFuture(true);

  /** A key as it was read, and whether its use was noted since. */
  private record Entry(Stored stored, AtomicBoolean noted) {}

  private final KeyRepository repository;
  private final ExecutorService threads;
  private final FreshCache<String, Optional<Entry>> keys;
  private final FreshCache<Boolean, Boolean> existence;
  private volatile boolean existed;

  KeyCache(
      KeyRepository repository,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads,
      @Value("${lastword.max-wait}") Duration maxWait) {
    this.repository = repository;
    this.threads = threads;
    keys = new FreshCache<>(threads, maxWait, this::read);
    existence = new FreshCache<>(threads, maxWait, any -> repository.exists());
  }

  private Optional<Entry> read(String id) {
    return Optional.ofNullable(repository.find(id))
        .map(stored -> new Entry(stored, new AtomicBoolean()));
  }

  /** Returns whether there are or were keys, active or not, since this process began. */
  CompletableFuture<Boolean> existence() {
    return existed
        ? YES
        : existence
            .get(true)
            .thenApply(
                exist -> {
                  if (exist) {
                    existed = true;
                  }
                  return existed;
                });
  }

  /** Returns whether this process has seen that there are keys. Reads nothing. */
  boolean existed() {
    return existed;
  }

  /** Finds a key in any state; empty if there is none with this id and this secret. */
  CompletableFuture<Optional<ApiKey>> find(KeyText text) {
    return keys.get(text.id())
        .thenApply(found -> found.filter(entry -> matches(entry, text)).map(this::use));
  }

  /** Finds the key of a token in any state. */
  CompletableFuture<Optional<ApiKey>> find(String id) {
    return keys.get(id).thenApply(found -> found.map(this::use));
  }

  /** Finds the text of a key that signs requests; empty if there is none, or it does not sign. */
  CompletableFuture<Optional<KeyText>> findSigning(String id) {
    return keys.get(id)
        .thenApply(
            found ->
                found
                    .map(entry -> entry.stored.signingSecret())
                    .map(secret -> KeyText.of(id, secret)));
  }

  /** Returns whether a key in memory has this id and this secret. Reads nothing. */
  boolean isKnown(KeyText text) {
    Optional<Entry> found = keys.known(text.id());
    return found != null && found.filter(entry -> matches(entry, text)).isPresent();
  }

  /** Returns whether a key in memory has this id. Reads nothing. */
  boolean isKnown(String id) {
    Optional<Entry> found = keys.known(id);
    return found != null && found.isPresent();
  }

  private static boolean matches(Entry entry, KeyText text) {
    // In constant time, so that response times say nothing about the hash.
    return MessageDigest.isEqual(entry.stored.hash(), text.hash());
  }

  private ApiKey use(Entry entry) {
    ApiKey key = entry.stored.key();
    if (entry.noted.compareAndSet(false, true)) {
      threads.execute(() -> noteUse(key.id()));
    }
    return key;
  }

  private void noteUse(String id) {
    try {
      repository.used(id);
    } catch (RuntimeException e) {
      // The next read of the key notes it, and requests report an unavailable database themselves.
      LOG.debug("Use of key {} not noted", id, e);
    }
  }
}
