package dev.lastword.stats.search;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Computes shares. */
final class Shares {
  private static final int DECIMAL_PLACES = 6;

  private Shares() {}

  /** Returns a share, from 0 to 1 with six decimal places; null if the total is 0. */
  static @Nullable BigDecimal of(long part, long total) {
    return total == 0
        ? null
        : BigDecimal.valueOf(part)
            .divide(BigDecimal.valueOf(total), DECIMAL_PLACES, RoundingMode.HALF_UP);
  }
}
