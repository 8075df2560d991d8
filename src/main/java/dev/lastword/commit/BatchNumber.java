package dev.lastword.commit;

import java.security.SecureRandom;

/**
 * The number of one attempt to write a batch: unique, and increasing within its lane.
 *
 * @param lane index of the lane on its node, from 0
 * @param writer chosen at random by each lane, so that no two share numbers
 * @param value even; the odd ones between them are {@linkplain #fence fences}
 */
public record BatchNumber(int lane, long writer, long value) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Returns the first number of a lane. */
  public static BatchNumber first(int lane) {
    return new BatchNumber(lane, RANDOM.nextLong(), 2);
  }

  /** Returns the number of the lane's next attempt. */
  public BatchNumber next() {
    return new BatchNumber(lane, writer, value + 2);
  }

  /** Returns what is stored to keep this attempt, but no later one, from being committed. */
  public long fence() {
    return value + 1;
  }
}
