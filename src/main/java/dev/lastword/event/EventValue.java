package dev.lastword.event;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The value of an event, within DECIMAL(30, 9). */
final class EventValue {
  private static final int DIGITS_BEFORE = 21;
  private static final int DIGITS_BEHIND = 9;
  private static final int LONGEST = 100;

  static final String RULE = "must be a number with at most 21 digits before the decimal point";

  private EventValue() {}

  /**
   * Returns the number, rounded to nine decimal places; null if it is not a number or too large.
   */
  static @Nullable BigDecimal read(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // A long, because 1e-2147483647 is a number, too. The size is checked before any arithmetic.
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
