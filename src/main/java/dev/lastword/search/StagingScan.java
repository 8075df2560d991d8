package dev.lastword.search;

import dev.lastword.row.Bucket;
import dev.lastword.search.ClaimRepository.Candidate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Chooses the buckets of the staging table to scan next.
 *
 * <p>No index covers the age of rows, since it would cost every keystroke; finding aged rows reads
 * them all. That is cheap for a hundred thousand sessions, but with millions it would slow down
 * ingest. So a scan ends after 100 ms, and the next one resumes where it stopped.
 */
final class StagingScan {
  private static final long BUDGET = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONG_STEP = BUDGET / 2;
  private static final long SHORT_STEP = BUDGET / 8;

  private int first;
  private int width = Bucket.COUNT;
  private int remaining;
  private long spent;
  private long lastStep;
  private boolean behind;

  /** Begins a scan at the bucket where the last one stopped. */
  void begin() {
    remaining = Bucket.COUNT;
    spent = 0;
    behind = false;
  }

  /**
   * @return whether the scan has buckets and time left
   */
  boolean hasNext() {
    return remaining > 0 && spent < BUDGET;
  }

  int first() {
    return first;
  }

  /**
   * @return the last bucket of this step
   */
  int last() {
    return Math.min(first + width, Bucket.COUNT) - 1;
  }

  /** Records the nanoseconds that reading these buckets took. */
  void took(long nanos) {
    lastStep = nanos;
    spent += nanos;
  }

  /** Records the rows of these buckets that may be promoted. */
  void found(List<Candidate> rows) {
    behind |= rows.stream().anyMatch(Candidate::late);
  }

  /** Returns whether the scan has found rows that have waited for long. */
  boolean isBehind() {
    return behind;
  }

  /** Ends the scan after a full batch; the next one begins after the last bucket of the batch. */
  void endAfter(int bucket) {
    first = (bucket + 1) % Bucket.COUNT;
    remaining = 0;
  }

  /** Advances to the next buckets: fewer at a time after a long step, more after a short one. */
  void next() {
    remaining -= last() - first + 1;
    first = (last() + 1) % Bucket.COUNT;
    if (lastStep > LONG_STEP) {
      width = Math.max(1, width / 2);
    } else if (lastStep < SHORT_STEP) {
      width = Math.min(Bucket.COUNT, width * 2);
    }
  }
}
