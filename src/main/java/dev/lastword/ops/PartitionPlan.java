package dev.lastword.ops;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions a table should gain and lose; no database in it, so that any date can be tried.
 */
final class PartitionPlan {

  static final int MONTHS_AHEAD = 3;

  /**
   * A row with an absurd date must not make a partition for each month since then; what is older
   * goes into the first partition.
   */
  private static final int YEARS_BACK_AT_MOST = 10;

  private PartitionPlan() {}

  /**
   * The months to cut off from the MAXVALUE partition, oldest first, without a gap: from where the
   * months end, or from the oldest row where there are none yet, to three months ahead.
   *
   * @param oldest of the rows in the MAXVALUE partition, null if it is empty
   */
  static List<Partition> missing(
      List<Partition> partitions, @Nullable LocalDateTime oldest, LocalDateTime now) {
    YearMonth present = YearMonth.from(now);
    YearMonth first =
        lastEnd(partitions).map(YearMonth::from).orElseGet(() -> start(oldest, present));
    return Stream.iterate(
            first,
            month -> !month.isAfter(present.plusMonths(MONTHS_AHEAD)),
            month -> month.plusMonths(1))
        .map(Partition::of)
        .toList();
  }

  /** The partitions whose whole range is older than {@code retention}. */
  static List<Partition> expired(
      List<Partition> partitions, Duration retention, LocalDateTime now) {
    LocalDateTime kept = now.minus(retention);
    return partitions.stream().filter(partition -> partition.endsBy(kept)).toList();
  }

  private static Optional<LocalDateTime> lastEnd(List<Partition> partitions) {
    return partitions.stream()
        .filter(Predicate.not(Partition::isLast))
        .reduce((earlier, later) -> later)
        .map(Partition::end);
  }

  private static YearMonth start(@Nullable LocalDateTime oldest, YearMonth present) {
    if (oldest == null || YearMonth.from(oldest).isAfter(present)) {
      return present;
    }
    YearMonth earliest = present.minusYears(YEARS_BACK_AT_MOST);
    YearMonth month = YearMonth.from(oldest);
    return month.isBefore(earliest) ? earliest : month;
  }
}
