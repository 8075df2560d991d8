package dev.lastword.daily;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The number of events, and the sum, minimum and maximum of their values.
 *
 * @param values number of events that have a value
 * @param min the minimum, null without a value
 * @param max the maximum, null without a value
 */
public record ValueSummary(
    long events, long values, BigDecimal sum, @Nullable BigDecimal min, @Nullable BigDecimal max) {

  /** No events. */
  public static final ValueSummary NONE = new ValueSummary(0, 0, BigDecimal.ZERO, null, null);

  private static final ValueSummary ONE = new ValueSummary(1, 0, BigDecimal.ZERO, null, null);

  /** Returns the summary of one event. */
  public static ValueSummary of(@Nullable BigDecimal value) {
    return value == null ? ONE : new ValueSummary(1, 1, value, value, value);
  }

  /** Returns whether both have the same numbers, whatever their scale. */
  boolean isSameAs(ValueSummary other) {
    return events == other.events
        && values == other.values
        && sum.compareTo(other.sum) == 0
        && isSame(min, other.min)
        && isSame(max, other.max);
  }

  private static boolean isSame(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    return one == null || other == null ? one == other : one.compareTo(other) == 0;
  }

  /** Returns what takes these events out of a sum; minimum and maximum cannot be taken out. */
  ValueSummary negated() {
    return new ValueSummary(-events, -values, sum.negate(), null, null);
  }

  /** Returns the summary of both. */
  public ValueSummary plus(ValueSummary other) {
    return new ValueSummary(
        events + other.events,
        values + other.values,
        sum.add(other.sum),
        min == null ? other.min : other.min == null ? min : min.min(other.min),
        max == null ? other.max : other.max == null ? max : max.max(other.max));
  }
}
