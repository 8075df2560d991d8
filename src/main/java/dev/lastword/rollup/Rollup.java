package dev.lastword.rollup;

import dev.lastword.feed.Sequencer;
import dev.lastword.rollup.RollupProgress.FeedProgress;
import dev.lastword.rollup.RollupProgress.State;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what was committed, however it is distributed over nodes and transactions.
 *
 * <p>A run lets the {@link Sequencer} assign positions to all rows that were committed before, and
 * counts up to the last position. One run of a node serves all threads that called before it began.
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
  // System.nanoTime() at the start of the last complete run, as all times here but asOf: clocks of
  // databases may be set back.
  private long counted = System.nanoTime();

  Rollup(RollupHead head, RollupProgress progress, Sequencer sequencer, RollupBatch batch) {
    this.head = head;
    this.progress = progress;
    this.sequencer = sequencer;
    this.batch = batch;
  }

  /**
   * Counts everything that was committed before the call.
   *
   * @param nanos time to spend at most, apart from a batch that has begun
   * @return false if that was not enough
   * @throws RuntimeException if the database fails
   */
  boolean run(long nanos) {
    long call = System.nanoTime();
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
      if (counted - call < 0) {
        long start = System.nanoTime();
        if (!runUntil(call + nanos)) {
          return false;
        }
        counted = start;
      }
      return true;
    } finally {
      running.unlock();
    }
  }

  private boolean runUntil(long deadline) {
    State before = progress.read();
    if (before.isComplete()) {
      return true;
    }
    while (!sequencer.assignPositions()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(RETRY);
    }
    for (FeedProgress feed : progress.read().feeds()) {
      long position = feed.position();
      while (position < feed.last()) {
        if (System.nanoTime() - deadline >= 0) {
          return false;
        }
        Long reached = batch.run(feed.log(), feed.last(), before.now());
        if (reached == null) {
          LockSupport.parkNanos(RETRY);
          reached = head.position(feed.log().feed());
        }
        position = reached;
      }
    }
    return true;
  }
}
