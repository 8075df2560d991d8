package dev.lastword.commit;

/**
 * Chooses the size of a batch from the number of waiting rows.
 *
 * <p>Not all of them go: with few sizes, the statement of a batch is mostly prepared already, which
 * saves the server from parsing its text. That took a third of the CPU time of a batch of sixteen
 * rows.
 */
final class BatchSize {
  static final int MAX_ROWS = 512;

  private BatchSize() {}

  /**
   * Returns the largest size that the rows fill: 1 to 8, then eight, ten, twelve or fourteen times
   * a power of two, 512 at most. So at least four of five waiting rows go.
   */
  static int of(int waiting) {
    int rows = Math.min(waiting, MAX_ROWS);
    return rows & -Math.max(1, Integer.highestOneBit(rows) >> 2);
  }
}
