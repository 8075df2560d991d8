package dev.lastword.row;

/**
 * Ids of logged rows: 41 bits of milliseconds since 1970, 10 bits of this node ({@link
 * NodeNumber}), and 12 bits of a sequence. They rise on a node.
 *
 * <p>Each log has one instance of its own, since the clocks that they go by may differ; so ids of
 * different logs may be equal.
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

  /** Returns the milliseconds since 1970 that an id begins with. */
  public static long millis(long id) {
    return id >>> (NODE_BITS + SEQUENCE_BITS);
  }

  /**
   * The next id; more than 4,096 in a millisecond borrow from the following one.
   *
   * @param millis now, since 1970; 0 for one right after the last
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
