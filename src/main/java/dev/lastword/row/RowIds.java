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
   * Returns an id of a given time, for rows that no node has logged.
   *
   * @param millis since 1970
   * @param rest distinguishes ids of the same time; only its lowest 22 bits are used
   */
  public static long of(long millis, int rest) {
    int bits = NODE_BITS + SEQUENCE_BITS;
    return millis << bits | rest & ((1 << bits) - 1);
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
