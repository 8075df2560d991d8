package dev.lastword.search;

import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Ids of logged searches: 41 bits of milliseconds since 1970 by the clock of the database, 10 bits
 * of this node, drawn at its start, and 12 bits of a sequence. They rise on a node, and within a
 * session on any nodes, since its next search is promoted in a later millisecond. Should two nodes
 * draw the same bits and meet in a millisecond and a bucket, the primary key refuses the second
 * transaction, which is tried again.
 */
@Singleton
final class SearchIds {
  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;

  private final long node = new SecureRandom().nextInt(1 << NODE_BITS);
  private long millis;
  private int sequence;

  /** The next id; more than 4,096 in a millisecond borrow from the following one. */
  synchronized long next(LocalDateTime now) {
    long nowMillis = now.toInstant(ZoneOffset.UTC).toEpochMilli();
    if (nowMillis > millis) {
      millis = nowMillis;
      sequence = 0;
    } else if (++sequence == 1 << SEQUENCE_BITS) {
      millis++;
      sequence = 0;
    }
    return (millis << NODE_BITS | node) << SEQUENCE_BITS | sequence;
  }
}
