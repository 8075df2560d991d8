package dev.lastword.rollup;

import dev.lastword.feed.Sequencer;
import dev.lastword.rollup.RollupProgress.FeedProgress;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was committed, however it is distributed over nodes and transactions.
 *
 * <p>A run notes the time, lets the {@link Sequencer} assign positions to all rows that were
 * committed before, and counts up to the last position. Afterwards, everything that was committed
 * before that time is counted. One run of a node serves all threads that wait for it.
 */
@Singleton
class Rollup {
  // Pause while another node holds a lock.
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(5);

  private final RollupHead head;
  private final RollupProgress progress;
  private final Sequencer sequencer;
  private final RollupBatch batch;
  private final ReentrantLock running = new ReentrantLock(true);
  private LocalDateTime counted = LocalDateTime.MIN;

  Rollup(RollupHead head, RollupProgress progress, Sequencer sequencer, RollupBatch batch) {
    this.head = head;
    this.progress = progress;
    this.sequencer = sequencer;
    this.batch = batch;
  }

  /**
   * Counts everything that was committed before a time.
   *
   * @param since a time of the database, not in the future
   * @param nanos time to spend at most, apart from a batch that has begun
   * @return false if that was not enough
   * @throws RuntimeException if the database fails
   */
  boolean run(LocalDateTime since, long nanos) {
    long deadline = System.nanoTime() + nanos;
    try {
      if (!running.tryLock(nanos, TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      // Another thread may have done it while this one waited.
      if (counted.isBefore(since)) {
        LocalDateTime reached = run(deadline);
        counted = reached == null ? counted : reached;
      }
      return !counted.isBefore(since);
    } finally {
      running.unlock();
    }
  }

  private @Nullable LocalDateTime run(long deadline) {
    LocalDateTime start = progress.read().now();
    while (!sequencer.assignPositions()) {
      if (System.nanoTime() - deadline >= 0) {
        return null;
      }
      LockSupport.parkNanos(RETRY);
    }
    for (FeedProgress feed : progress.read().feeds()) {
      while (head.position(feed.log().feed()) < feed.last()) {
        if (System.nanoTime() - deadline >= 0) {
          return null;
        }
        if (!batch.run(feed.log(), feed.last(), start)) {
          LockSupport.parkNanos(RETRY);
        }
      }
    }
    return start;
  }
}
