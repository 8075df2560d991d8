package dev.lastword.stats;

import dev.lastword.feed.Feed;
import java.time.LocalDateTime;
import java.util.List;

/**
 * A range of time, divided into whole days of UTC, which are counted, and what is before and after
 * them, which only the logs know. All times are in UTC, and ends are exclusive.
 *
 * @param first midnight at which the whole days start
 * @param next midnight at which they end; if there are none, both are the end of the range
 */
public record WholeDays(
    LocalDateTime start, LocalDateTime first, LocalDateTime next, LocalDateTime end) {

  static WholeDays within(LocalDateTime start, LocalDateTime end) {
    LocalDateTime first = start.toLocalDate().atStartOfDay();
    if (first.isBefore(start)) {
      first = first.plusDays(1);
    }
    LocalDateTime next = end.toLocalDate().atStartOfDay();
    return first.isBefore(next)
        ? new WholeDays(start, first, next, end)
        : new WholeDays(start, end, end, end);
  }

  /** Returns the condition for what is before and after the whole days. */
  public static String around(Feed feed) {
    return "(%1$s >= ? AND %1$s < ? OR %1$s >= ? AND %1$s < ?)".formatted(feed.timeColumn());
  }

  /** Returns the values of the condition. */
  public List<LocalDateTime> aroundValues() {
    return List.of(start, first, next, end);
  }

  /** Returns the start of the earlier of the two that is not empty. */
  public LocalDateTime startOfLog() {
    return start.equals(first) ? next : start;
  }
}
