package dev.lastword.row;

/**
 * Generates ids of logged rows: 41 bits of milliseconds since 1970, 10 bits of {@link NodeNumber},
 * and 12 bits of a sequence. Ids of one node increase.
 *
 * <p>Each log has its own instance, because their clocks may differ. So ids of different logs may
 * be equal.
 */
public final class RowIds {
  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;

  private final NodeNumber nodeNumber;
  private int node;
  private long last;
  private int sequence;

  public RowIds(NodeNumber nodeNumber) {
    this.nodeNumber = nodeNumber;
    this.node = nodeNumber.get();
  }

  /** Returns the time of an id, in milliseconds since 1970. */
  public static long millis(long id) {
    return id >>> (NODE_BITS + SEQUENCE_BITS);
  }

  /**
   * Returns the next id. More than 4,096 ids in a millisecond use up the following milliseconds.
   *
   * @param millis the current time, since 1970; 0 for the id after the last one
   */
  public synchronized long next(long millis) {
    int present = nodeNumber.get();
    if (millis > last) {
      last = millis;
      sequence = 0;
    } else if (++sequence == 1 << SEQUENCE_BITS || present != node) {
      last++;
      sequence = 0;
    }
    node = present;
    return (last << NODE_BITS | node) << SEQUENCE_BITS | sequence;
  }
}
