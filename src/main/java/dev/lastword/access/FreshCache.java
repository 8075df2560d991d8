package dev.lastword.access;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the database in memory, so that most requests need no statement. A value is read again
 * after {@link #REFRESH}, while the former one is still used. It is not used for longer than {@link
 * #KEPT} without that, and a read that took longer than {@link #SLOW_READ}, because the database
 * stalled, is repeated. So a change, also one by plain SQL, works within five seconds.
 *
 * <p>Those who ask for a value while it is read wait for the same read, as long as a write waits
 * for its commit.
 *
 * <p>At most {@link #MAX_READS} values that are not in memory are read at a time; more are refused
 * at once. So a flood of invented keys can neither take the connections of jobs, nor stop the
 * values in memory from being read again.
 */
final class FreshCache<K, V> {
  static final Duration REFRESH = Duration.ofSeconds(2);
  static final Duration KEPT = Duration.ofSeconds(4);
  static final Duration SLOW_READ = Duration.ofSeconds(1);

  static final int MAX_READS = 64;

  private static final int MAX_VALUES = 10_000;

  private final ExecutorService threads;
  private final Duration patience;
  private final Function<K, V> read;
  private final Semaphore reads = new Semaphore(MAX_READS);
  private final AsyncLoadingCache<K, V> values;

  /**
   * @param patience time to wait for a read, for which a hanging one occupies its key
   */
  FreshCache(ExecutorService threads, Duration patience, Function<K, V> read) {
    this.threads = threads;
    this.patience = patience;
    this.read = read;
    values =
        Caffeine.newBuilder()
            .executor(threads)
            .maximumSize(MAX_VALUES)
            .refreshAfterWrite(REFRESH)
            .expireAfterWrite(KEPT)
            .buildAsync(new Loader());
  }

  private final class Loader implements AsyncCacheLoader<K, V> {

    @Override
    public CompletableFuture<V> asyncLoad(K key, Executor executor) {
      if (!reads.tryAcquire()) {
        return CompletableFuture.failedFuture(
            new RejectedExecutionException("Too many values are being read."));
      }
      CompletableFuture<V> started = read(key);
      started.whenComplete((value, failure) -> reads.release());
      return within(started);
    }

    @Override
    public CompletableFuture<V> asyncReload(K key, V former, Executor executor) {
      return within(read(key));
    }

    private CompletableFuture<V> read(K key) {
      return CompletableFuture.supplyAsync(() -> readQuickly(key), threads);
    }

    private V readQuickly(K key) {
      long end = System.nanoTime() + patience.toNanos();
      while (true) {
        long start = System.nanoTime();
        V value = read.apply(key);
        long now = System.nanoTime();
        if (now - start < SLOW_READ.toNanos() || now - end >= 0) {
          return value;
        }
      }
    }

    /** A read that hangs must not occupy its key until the driver gives up, after a minute. */
    private CompletableFuture<V> within(CompletableFuture<V> started) {
      return started.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Returns a value, without waiting for the database.
   *
   * @return a future that fails with a {@link java.util.concurrent.TimeoutException} or a {@link
   *     RejectedExecutionException} if the database is too slow
   */
  CompletableFuture<V> get(K key) {
    return values.get(key);
  }

  /** Returns a value that is in memory, null if it is not. */
  @Nullable V known(K key) {
    CompletableFuture<V> value = values.getIfPresent(key);
    return value == null || !value.isDone() || value.isCompletedExceptionally()
        ? null
        : value.join();
  }

  /** Reads the value again when it is needed next. */
  void forget(K key) {
    values.synchronous().invalidate(key);
  }

  void forgetAll() {
    values.synchronous().invalidateAll();
  }
}
