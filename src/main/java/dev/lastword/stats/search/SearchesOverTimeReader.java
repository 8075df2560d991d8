package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LogLimit;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the number of searches per hour or day, of all searches or of one keyword. */
@Singleton
class SearchesOverTimeReader {

  private final JdbcOperations jdbc;

  SearchesOverTimeReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the number of searches of each hour that has some. */
  @Connectable("reads")
  Map<LocalDateTime, Long> perHour(int tenantId, Days days) {
    return read(
        """
        SELECT hour AS time, searches FROM hourly_search
        WHERE tenant_id = ? AND hour >= ? AND hour < ?
        """,
        List.of(tenantId, days.first(), days.last().plusDays(1)));
  }

  /** Returns the searches for a keyword, from {@code daily_search}: at midnight of each day. */
  @Connectable("reads")
  Map<LocalDateTime, Long> perDay(int tenantId, Days days, String keyword) {
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    // Each day is a lookup in the primary key; a range of days would read all of their keywords.
    days.first().datesUntil(days.last().plusDays(1)).forEach(values::add);
    values.add(keyword);
    return read(
        """
        SELECT CAST(day AS DATETIME) AS time, searches FROM daily_search FORCE INDEX (PRIMARY)
        WHERE tenant_id = ? AND day IN (%s) AND folded = ?
        """
            .formatted(Select.placeholders(days.length())),
        values);
  }

  /** Returns the searches for a keyword, from the log: those of each hour that has some. */
  @Connectable("reads")
  Map<LocalDateTime, Long> perHour(int tenantId, Days days, String keyword) {
    String from =
        """
        search_log FORCE INDEX (by_keyword)
        WHERE tenant_id = ? AND folded = ? AND searched_at >= ? AND searched_at < ?
        """;
    List<Object> values = List.of(tenantId, keyword, days.first(), days.last().plusDays(1));
    LogLimit.requireComplete(jdbc, Feed.SEARCHES, days.first());
    LogLimit.requireFew(jdbc, from, values, "searches; use a shorter range, or days");
    return read(
        """
        SELECT CAST(DATE_FORMAT(searched_at, '%%Y-%%m-%%d %%H:00:00') AS DATETIME) AS time,
               COUNT(*) AS searches
        FROM %s GROUP BY time
        """
            .formatted(from),
        values);
  }

  private Map<LocalDateTime, Long> read(String sql, List<Object> values) {
    Map<LocalDateTime, Long> counts = new TreeMap<>();
    Select.forEach(
        jdbc,
        sql,
        values,
        row -> counts.put(row.getObject("time", LocalDateTime.class), row.getLong("searches")));
    return counts;
  }
}
