package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreshCacheTest {
  private static final int MEMORY = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch database = new CountDownLatch(1);
  private final AtomicInteger version = new AtomicInteger();

  /** Reads a version; values other than {@link #MEMORY} wait for the database. */
  private final FreshCache<Integer, Integer> cache =
      new FreshCache<>(
          threads,
          PATIENCE,
          key -> {
            if (key != MEMORY) {
              waitForDatabase();
            }
            return version.get();
          });

  private void waitForDatabase() {
    try {
      database.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void aFloodIsRefusedAndWhatIsInMemoryStaysFresh() {
    assertThat(cache.get(MEMORY).join()).isZero();
    List<CompletableFuture<Integer>> flood = new ArrayList<>();
    for (int i = 0; i < FreshCache.MAX_READS; i++) {
      flood.add(cache.get(i));
    }
    assertThat(flood).noneMatch(CompletableFuture::isDone);
    assertThatThrownBy(() -> cache.get(FreshCache.MAX_READS).join())
        .hasCauseInstanceOf(RejectedExecutionException.class);
    version.set(1);
    await().atMost(Duration.ofSeconds(5)).until(() -> cache.get(MEMORY).join() == 1);
    // A read that timed out still has its place, until it has ended.
    await().until(() -> flood.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    assertThatThrownBy(() -> flood.get(0).join()).hasCauseInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> cache.get(FreshCache.MAX_READS).join())
        .hasCauseInstanceOf(RejectedExecutionException.class);
    database.countDown();
    await().until(() -> cache.get(0).handle((value, failure) -> failure == null).join());
    assertThat(cache.get(0).join()).isEqualTo(1);
  }

  @Test
  void thoseWhoAskWaitForTheSameReadWhichIsRepeatedIfItWasSlow() {
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch stalled = new CountDownLatch(1);
    var slow =
        new FreshCache<Integer, Integer>(
            threads,
            Duration.ofSeconds(30),
            key -> {
              int seen = version.get();
              if (reads.incrementAndGet() == 1) {
                stalled.countDown();
                waitForDatabase();
              }
              return seen;
            });
    long start = System.nanoTime();
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      waiting.add(slow.get(7));
    }
    await().until(() -> stalled.getCount() == 0);
    version.set(1);
    await().until(() -> System.nanoTime() - start > FreshCache.SLOW_READ.toNanos());
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    database.countDown();
    assertThat(waiting).allSatisfy(value -> assertThat(value.join()).isEqualTo(1));
    assertThat(reads).hasValue(2);
  }
}
