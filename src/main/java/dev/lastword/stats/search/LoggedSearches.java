package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LogLimit;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code search_log} on some days.
 *
 * @param start of the days, in UTC
 * @param from table and condition
 * @param values parameters of the condition
 */
record LoggedSearches(LocalDateTime start, String from, List<Object> values) {

  /**
   * @param keyword null for all
   */
  static LoggedSearches of(int tenantId, Days days, @Nullable String keyword) {
    List<Object> values = new ArrayList<>(List.of(tenantId, days.start(), days.end()));
    String from = "search_log FORCE INDEX (newest) WHERE tenant_id = ?";
    if (keyword != null) {
      from = "search_log FORCE INDEX (by_keyword) WHERE tenant_id = ? AND folded = ?";
      values.add(1, keyword);
    }
    return new LoggedSearches(
        days.start(), from + " AND searched_at >= ? AND searched_at < ?", values);
  }

  /**
   * Passes each row, or each group; responds with 400 if that is not possible, see {@link
   * LogLimit}.
   *
   * @param columns the select list
   * @param group the GROUP BY clause, or empty
   */
  void forEach(JdbcOperations jdbc, String columns, String group, Select.RowAction action) {
    LogLimit.require(jdbc, Feed.SEARCHES, start, from, values, "searches; use a shorter range");
    Select.forEach(jdbc, "SELECT %s FROM %s %s".formatted(columns, from, group), values, action);
  }
}
