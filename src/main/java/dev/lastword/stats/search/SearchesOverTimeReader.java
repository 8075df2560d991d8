package dev.lastword.stats.search;

import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LoggedSearches;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads when there were how many searches, of all keywords or of one. */
@Singleton
class SearchesOverTimeReader {

  /** Receives a number of searches, and a time of UTC in their period. */
  interface Sink {
    void add(LocalDateTime time, long searches);
  }

  private final JdbcOperations jdbc;

  SearchesOverTimeReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Passes the searches of each hour. */
  @Connectable("reads")
  void hours(int tenantId, Days days, Sink sink) {
    read(
        "SELECT hour AS time, searches FROM hourly_search WHERE tenant_id = ? AND hour >= ? AND hour < ?",
        List.of(tenantId, days.start(), days.end()),
        sink);
  }

  /** Passes the searches for a keyword on each day of UTC. */
  @Connectable("reads")
  void days(int tenantId, Days days, String keyword, Sink sink) {
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    // Each day is a lookup in the primary key; a range of days would read all of their keywords.
    days.first().datesUntil(days.last().plusDays(1)).forEach(values::add);
    values.add(keyword);
    read(
        """
        SELECT CAST(day AS DATETIME) AS time, searches FROM daily_search FORCE INDEX (PRIMARY)
        WHERE tenant_id = ? AND day IN (%s) AND folded = ?
        """
            .formatted(Select.placeholders(days.length())),
        values,
        sink);
  }

  /**
   * Passes each search in the log.
   *
   * @param keyword null for all
   */
  @Connectable("reads")
  void logged(int tenantId, Days days, @Nullable String keyword, Sink sink) {
    LoggedSearches.of(tenantId, days, keyword)
        .forEach(
            jdbc,
            "searched_at",
            "",
            row -> sink.add(row.getObject("searched_at", LocalDateTime.class), 1));
  }

  private void read(String sql, List<Object> values, Sink sink) {
    Select.forEach(
        jdbc,
        sql,
        values,
        row -> sink.add(row.getObject("time", LocalDateTime.class), row.getLong("searches")));
  }
}
