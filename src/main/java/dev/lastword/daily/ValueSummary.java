package dev.lastword.daily;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How many events there are, and what their values come to.
 *
 * @param values how many of the events carry a value
 * @param min the least of them, null where there is none
 * @param max the greatest of them, null where there is none
 */
public record ValueSummary(
    long events, long values, BigDecimal sum, @Nullable BigDecimal min, @Nullable BigDecimal max) {

  /** Nothing at all. */
  public static final ValueSummary NONE = new ValueSummary(0, 0, BigDecimal.ZERO, null, null);

  private static final ValueSummary ONE = new ValueSummary(1, 0, BigDecimal.ZERO, null, null);

  /** One event, with its value if it has one. */
  public static ValueSummary of(@Nullable BigDecimal value) {
    return value == null ? ONE : new ValueSummary(1, 1, value, value, value);
  }

  /** Both together. */
  public ValueSummary plus(ValueSummary other) {
    return new ValueSummary(
        events + other.events,
        values + other.values,
        sum.add(other.sum),
        min == null ? other.min : other.min == null ? min : min.min(other.min),
        max == null ? other.max : other.max == null ? max : max.max(other.max));
  }
}
