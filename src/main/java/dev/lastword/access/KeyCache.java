package dev.lastword.access;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lastword.access.KeyRepository.Stored;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in memory, so that most requests need no statement. A key is read again after {@link
 * #REFRESH}, while its former state is still used. It is not used for longer than {@link #KEPT}
 * without that, and reading takes no longer than {@link #PATIENCE}. So a revocation, also one by
 * plain SQL, works on each node within five seconds.
 *
 * <p>None of its methods waits for the database.
 */
@Singleton
class KeyCache {
  static final Duration REFRESH = Duration.ofSeconds(2);
  static final Duration KEPT = Duration.ofSeconds(4);
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(KeyCache.class);
  private static final int MAX_KEYS = 10_000;

  /** A key as it was read, and whether its use was noted since. */
  private record Entry(Stored stored, AtomicBoolean noted) {}

  private final KeyRepository repository;
  private final ExecutorService threads;
  private final AsyncLoadingCache<String, Optional<Entry>> keys;
  private final AsyncLoadingCache<Boolean, Boolean> existence;

  KeyCache(KeyRepository repository, @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.repository = repository;
    this.threads = threads;
    keys = cache(this::read);
    existence = cache(any -> repository.exists());
  }

  private <K, V> AsyncLoadingCache<K, V> cache(Function<K, V> read) {
    return Caffeine.newBuilder()
        .executor(threads)
        .maximumSize(MAX_KEYS)
        .refreshAfterWrite(REFRESH)
        .expireAfterWrite(KEPT)
        .buildAsync((key, executor) -> within(() -> read.apply(key)));
  }

  /** A read that hangs must not occupy its key until the driver gives up, after a minute. */
  private <V> CompletableFuture<V> within(Supplier<V> read) {
    return CompletableFuture.supplyAsync(read, threads)
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Optional<Entry> read(String id) {
    return Optional.ofNullable(repository.find(id))
        .map(stored -> new Entry(stored, new AtomicBoolean()));
  }

  /** Returns whether there are keys, active or not. */
  CompletableFuture<Boolean> existence() {
    return existence.get(true);
  }

  /** Finds a key in any state; empty if there is none with this id and this secret. */
  CompletableFuture<Optional<ApiKey>> find(KeyText text) {
    CompletableFuture<Optional<Entry>> found = keys.get(text.id());
    return found.thenApply(entry -> entry.filter(key -> matches(key, text)).map(this::use));
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
