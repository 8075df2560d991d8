package dev.lastword.event;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The number of an event, as DECIMAL(30, 9) holds it. */
final class EventValue {
  private static final int DIGITS_BEFORE = 21;
  private static final int DIGITS_BEHIND = 9;
  private static final int LONGEST = 100;

  static final String RULE = "must be a number with at most 21 digits before the point";

  private EventValue() {}

  /** The number, rounded to nine digits behind the point; null if it is none or too large. */
  static @Nullable BigDecimal read(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // In long: 1e-2147483647 is a number, too. Nothing is done to it before its size is known.
      long before = (long) number.precision() - number.scale();
      if (number.signum() == 0 || before < -DIGITS_BEHIND) {
        return BigDecimal.ZERO;
      }
      if (before > DIGITS_BEFORE) {
        return null;
      }
      BigDecimal rounded = number.setScale(DIGITS_BEHIND, RoundingMode.HALF_EVEN);
      return rounded.precision() - rounded.scale() > DIGITS_BEFORE
          ? null
          : new BigDecimal(rounded.stripTrailingZeros().toPlainString());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
