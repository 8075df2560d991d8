package dev.lastword.ops;

import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which partitions to create and to drop. It uses no database, so that tests can try any
 * date.
 *
 * <p>The first and the last partition are for rows without a month. Both are kept empty: splitting
 * an empty partition costs nothing, and a month in its own partition can be dropped.
 */
final class PartitionPlan {

  static final int MONTHS_AHEAD = 3;

  /**
   * A row with an absurd date must not create a partition for each month since then. Older rows
   * stay in the first partition.
   */
  private static final int YEARS_BACK_AT_MOST = 10;

  private PartitionPlan() {}

  /**
   * Returns the months to split off the MAXVALUE partition, oldest first, without a gap: from the
   * end of the existing months, or if there are none from the month before the oldest row, to three
   * months ahead.
   *
   * @param oldest the time of the oldest row in the MAXVALUE partition, null if it is empty
   */
  static List<Partition> ahead(
      List<Partition> partitions, @Nullable LocalDateTime oldest, LocalDateTime now) {
    YearMonth present = YearMonth.from(now);
    YearMonth first =
        lastEnd(partitions)
            .map(YearMonth::from)
            .orElseGet(() -> start(oldest, present).minusMonths(1));
    return months(first, present.plusMonths(MONTHS_AHEAD));
  }

  /**
   * Returns the months to split off the first partition, oldest first, without a gap, so that each
   * of its rows has a month and the new first partition is empty; but none for rows that retention
   * will drop, or that are older than ten years.
   *
   * @param oldest the time of the oldest row in the first partition, null if it is empty
   */
  static List<Partition> past(
      List<Partition> partitions,
      @Nullable LocalDateTime oldest,
      @Nullable Duration retention,
      LocalDateTime now) {
    LocalDateTime end = partitions.get(0).end();
    if (oldest == null || end == null) {
      return List.of();
    }
    LocalDateTime earliest = now.minusYears(YEARS_BACK_AT_MOST);
    LocalDateTime kept = retention == null ? earliest : now.minus(retention);
    LocalDateTime start = Stream.of(oldest, earliest, kept).max(naturalOrder()).orElseThrow();
    YearMonth first = YearMonth.from(end.minusNanos(1));
    return months(YearMonth.from(start).minusMonths(1), first.minusMonths(1));
  }

  /** Returns the partitions whose whole range is older than {@code retention}. */
  static List<Partition> expired(
      List<Partition> partitions, Duration retention, LocalDateTime now) {
    LocalDateTime kept = now.minus(retention);
    return partitions.stream().filter(partition -> partition.endsBy(kept)).toList();
  }

  /** Returns the months from one to the other, both included; none if the last is before it. */
  private static List<Partition> months(YearMonth first, YearMonth last) {
    return Stream.iterate(first, month -> !month.isAfter(last), month -> month.plusMonths(1))
        .map(Partition::of)
        .toList();
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
