package dev.lastword.ops;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a table that is partitioned by time.
 *
 * @param end the end (UTC), exclusive; null for the last one, which ends with MAXVALUE
 */
record Partition(String name, @Nullable LocalDateTime end) {

  /**
   * Returns the partition of a month, for example {@code p_2026_11}, which ends with 2026-12-01.
   */
  static Partition of(YearMonth month) {
    String name = String.format(Locale.ROOT, "p_%d_%02d", month.getYear(), month.getMonthValue());
    return new Partition(name, month.plusMonths(1).atDay(1).atStartOfDay());
  }

  boolean isLast() {
    return end == null;
  }

  /** Returns whether its whole range is before {@code instant}. */
  boolean endsBy(LocalDateTime instant) {
    return end != null && !end.isAfter(instant);
  }

  /** Returns its definition in ALTER TABLE. */
  String definition() {
    return "PARTITION %s VALUES LESS THAN (%s)"
        .formatted(name, end == null ? "MAXVALUE" : "'" + end.toLocalDate() + "'");
  }
}
