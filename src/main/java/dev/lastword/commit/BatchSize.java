package dev.lastword.commit;

/**
 * How many of the rows that wait go into one batch.
 *
 * <p>Not all of them: batches of a few sizes find a statement that is prepared already, which saves
 * the server reading the text. A third of the CPU time of a batch of sixteen rows went into that.
 */
final class BatchSize {
  static final int MAX_ROWS = 512;

  private BatchSize() {}

  /**
   * The largest size that the rows fill: 1 to 8, then eight, ten, twelve or fourteen times a power
   * of two, 512 at most. So at least four of five rows that wait go.
   */
  static int of(int waiting) {
    int rows = Math.min(waiting, MAX_ROWS);
    return rows & -Math.max(1, Integer.highestOneBit(rows) >> 2);
  }
}
