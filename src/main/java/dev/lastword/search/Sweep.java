package dev.lastword.search;

import java.util.concurrent.TimeUnit;

/**
 * Which buckets of the staging table are looked through next.
 *
 * <p>There is no index on the age of rows, since it would cost every keystroke; looking for aged
 * rows reads all. That is nothing for a hundred thousand sessions, but with millions it would take
 * the database away from those who type. So a sweep ends after 100 ms, and the next goes on where
 * it ended.
 */
final class Sweep {
  private static final long BUDGET = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONG_LOOK = BUDGET / 2;
  private static final long SHORT_LOOK = BUDGET / 8;

  private int first;
  private int width = SessionKey.BUCKETS;
  private int toLook;
  private long spent;
  private long lastLook;

  /** Begins a sweep, at the bucket where the last one ended. */
  void begin() {
    toLook = SessionKey.BUCKETS;
    spent = 0;
  }

  /** Whether buckets are left for this sweep, and time to look at them. */
  boolean goesOn() {
    return toLook > 0 && spent < BUDGET;
  }

  int first() {
    return first;
  }

  /** The last of the buckets to look at now. */
  int last() {
    return Math.min(first + width, SessionKey.BUCKETS) - 1;
  }

  /** Takes note of what a look at these buckets cost, in nanoseconds. */
  void looked(long nanos) {
    lastLook = nanos;
    spent += nanos;
  }

  /** Ends the sweep after a full batch; the next one begins after the last bucket of the batch. */
  void full(int lastBucket) {
    first = (lastBucket + 1) % SessionKey.BUCKETS;
    toLook = 0;
  }

  /**
   * Goes on to the following buckets: fewer at a time where the look was long, more where it was
   * short.
   */
  void next() {
    toLook -= last() - first + 1;
    first = (last() + 1) % SessionKey.BUCKETS;
    if (lastLook > LONG_LOOK) {
      width = Math.max(1, width / 2);
    } else if (lastLook < SHORT_LOOK) {
      width = Math.min(SessionKey.BUCKETS, width * 2);
    }
  }
}
