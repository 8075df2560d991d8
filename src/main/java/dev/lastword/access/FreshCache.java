package dev.lastword.access;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Rows of the database in memory, so that most requests need no statement. A value is read again
 * after {@link #REFRESH}, while the former one is still used. It is not used for longer than {@link
 * #KEPT} without that, and reading takes no longer than {@link #PATIENCE}. So a change, also one by
 * plain SQL, works within five seconds.
 */
final class FreshCache<K, V> {
  static final Duration REFRESH = Duration.ofSeconds(2);
  static final Duration KEPT = Duration.ofSeconds(4);
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int MAX_VALUES = 10_000;

  private final ExecutorService threads;
  private final AsyncLoadingCache<K, V> values;

  FreshCache(ExecutorService threads, Function<K, V> read) {
    this.threads = threads;
    values =
        Caffeine.newBuilder()
            .executor(threads)
            .maximumSize(MAX_VALUES)
            .refreshAfterWrite(REFRESH)
            .expireAfterWrite(KEPT)
            .buildAsync((key, executor) -> within(key, read));
  }

  /** A read that hangs must not occupy its key until the driver gives up, after a minute. */
  private CompletableFuture<V> within(K key, Function<K, V> read) {
    return CompletableFuture.supplyAsync(() -> read.apply(key), threads)
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns a value, without waiting for the database. */
  CompletableFuture<V> get(K key) {
    return values.get(key);
  }
}
