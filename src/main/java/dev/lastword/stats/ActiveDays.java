package dev.lastword.stats;

import dev.lastword.daily.CountedTopic;
import dev.lastword.feed.Feed;
import dev.lastword.rollup.ActiveUserReader;
import dev.lastword.rollup.Activity;
import dev.lastword.rollup.Activity.Kind;
import dev.lastword.row.Select;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads who was active on days of any time zone: from {@code active_user}, or from the logs if
 * these are not the days of UTC.
 */
@Singleton
class ActiveDays {
  /** The first number of users who have none yet, beyond all others; the numbers are unsigned. */
  static final long FIRST_UNNUMBERED = 1L << 31;

  /** The number after the last one. */
  static final long END = 1L << 32;

  private final JdbcOperations jdbc;
  private final ActiveUserReader counted;

  ActiveDays(@Named("reads") JdbcOperations jdbc, ActiveUserReader counted) {
    this.jdbc = jdbc;
    this.counted = counted;
  }

  /** Passes the users of each of these days that has some, in the order of days. */
  @Connectable("reads")
  void forEach(Activity activity, Days days, BiConsumer<LocalDate, RoaringBitmap> action) {
    if (days.isUtc()) {
      counted.forEachDay(activity, days.first(), days.last(), action);
    } else {
      logged(activity, days, days.start()).forEach(action);
    }
  }

  /** Passes the users of each day since the first ever that has some, in the order of days. */
  @Connectable("reads")
  void forEachSinceFirst(
      Activity activity, Days days, BiConsumer<LocalDate, RoaringBitmap> action) {
    if (days.isUtc()) {
      counted.forEachDay(activity, null, days.last(), action);
      return;
    }
    // Who was active before, on whichever day, is counted. The log begins with the day of UTC on
    // which the first day begins.
    LocalDate day = days.start().toLocalDate();
    counted.forEachDay(activity, null, day.minusDays(1), action);
    logged(activity, days, day.atStartOfDay()).forEach(action);
  }

  private SortedMap<LocalDate, RoaringBitmap> logged(
      Activity activity, Days days, LocalDateTime start) {
    SortedMap<LocalDate, RoaringBitmap> active = new TreeMap<>();
    Map<String, Integer> unnumbered = new HashMap<>();
    if (activity.kind() == Kind.ANY || activity.kind() == Kind.SEARCHES) {
      read(Feed.SEARCHES, activity, days, start, unnumbered, active);
    }
    if (activity.kind() != Kind.SEARCHES) {
      read(Feed.EVENTS, activity, days, start, unnumbered, active);
    }
    return active;
  }

  private void read(
      Feed feed,
      Activity activity,
      Days days,
      LocalDateTime start,
      Map<String, Integer> unnumbered,
      Map<LocalDate, RoaringBitmap> active) {
    List<Object> values = new ArrayList<>(List.of(activity.tenantId(), start, days.end()));
    String where = "l.tenant_id = ? AND l.%1$s >= ? AND l.%1$s < ?".formatted(feed.timeColumn());
    boolean oneTopic = activity.kind() == Kind.TOPIC;
    if (oneTopic) {
      where += " AND " + CountedTopic.condition(activity.topic());
      values.add(activity.topic());
    }
    String rows =
        "%s AS l FORCE INDEX (%s)"
            .formatted(feed.log(), oneTopic ? CountedTopic.index(activity.topic()) : "newest");
    LogLimit.require(
        jdbc, feed, start, rows + " WHERE " + where, values, "rows; use a shorter range");
    Select.forEach(
        jdbc,
        """
        SELECT l.%s AS time, l.user_id, n.number
        FROM %s
        LEFT JOIN user_number n ON n.tenant_id = l.tenant_id AND n.user_id = l.user_id
        WHERE %s AND l.user_id IS NOT NULL
        """
            .formatted(feed.timeColumn(), rows, where),
        values,
        row -> {
          Integer number = row.getObject("number", Integer.class);
          if (number == null) {
            number =
                unnumbered.computeIfAbsent(
                    row.getString("user_id"), user -> (int) FIRST_UNNUMBERED + unnumbered.size());
          }
          active
              .computeIfAbsent(
                  days.at(row.getObject("time", LocalDateTime.class)).toLocalDate(),
                  day -> new RoaringBitmap())
              .add(number);
        });
  }
}
