package dev.lastword.load;

import java.util.Collection;

/** Percentiles of measured values, by nearest rank. */
public final class Percentiles {

  private final long[] sorted;

  public Percentiles(Collection<Long> values) {
    sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  public int count() {
    return sorted.length;
  }

  /** Returns the value that {@code percent} of all do not exceed; -1 without values. */
  public long at(double percent) {
    return sorted.length == 0 ? -1 : sorted[(int) Math.ceil(sorted.length * percent / 100) - 1];
  }
}
