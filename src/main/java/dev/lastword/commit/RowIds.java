package dev.lastword.commit;

import io.micronaut.context.annotation.Prototype;
import java.security.SecureRandom;

/**
 * Ids of logged rows: 41 bits of milliseconds since 1970, 10 bits of this node, drawn at its start,
 * and 12 bits of a sequence. They rise on a node. Should two nodes draw the same bits and meet in a
 * millisecond and a bucket, the primary key refuses the second row.
 *
 * <p>Everyone who gives ids has an instance, since the clocks may differ that they go by.
 */
@Prototype
public final class RowIds {
  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;

  private final long node = new SecureRandom().nextInt(1 << NODE_BITS);
  private long last;
  private int sequence;

  RowIds() {}

  /** Returns the milliseconds since 1970 that an id begins with. */
  public static long millis(long id) {
    return id >>> (NODE_BITS + SEQUENCE_BITS);
  }

  /**
   * The next id; more than 4,096 in a millisecond borrow from the following one.
   *
   * @param millis now, since 1970
   */
  public synchronized long next(long millis) {
    if (millis > last) {
      last = millis;
      sequence = 0;
    } else if (++sequence == 1 << SEQUENCE_BITS) {
      last++;
      sequence = 0;
    }
    return (last << NODE_BITS | node) << SEQUENCE_BITS | sequence;
  }
}
