package dev.lastword.stats;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code search_log} on some days.
 *
 * @param start of the days, in UTC
 * @param from table and condition
 * @param values parameters of the condition
 * @param advice names the rows, and says how to have fewer
 */
public record LoggedSearches(LocalDateTime start, String from, List<Object> values, String advice) {

  /**
   * @param keyword null for all
   */
  public static LoggedSearches of(int tenantId, Days days, @Nullable String keyword) {
    List<Object> values = new ArrayList<>(List.of(tenantId, days.start(), days.end()));
    String from = "search_log FORCE INDEX (newest) WHERE tenant_id = ?";
    if (keyword != null) {
      from = "search_log FORCE INDEX (by_keyword) WHERE tenant_id = ? AND folded = ?";
      values.add(1, keyword);
    }
    return new LoggedSearches(
        days.start(),
        from + " AND searched_at >= ? AND searched_at < ?",
        values,
        "searches; use a shorter range");
  }

  /**
   * Returns those that no count of a day of UTC has.
   *
   * @return empty if these are days of UTC
   */
  public static Optional<LoggedSearches> aroundDaysOfUtc(int tenantId, Days days) {
    if (days.isUtc()) {
      return Optional.empty();
    }
    WholeDays whole = days.wholeDaysOfUtc();
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    values.addAll(whole.aroundValues());
    return Optional.of(
        new LoggedSearches(
            whole.startOfLog(),
            "search_log FORCE INDEX (newest) WHERE tenant_id = ? AND "
                + WholeDays.around(Feed.SEARCHES),
            values,
            "searches outside of whole days of UTC; leave tz out"));
  }

  /** Returns their number; responds with 400 if they cannot be read, see {@link LogLimit}. */
  public long requireFew(JdbcOperations jdbc) {
    return LogLimit.require(jdbc, Feed.SEARCHES, start, from, values, advice);
  }

  /**
   * Passes each row, or each group; responds with 400 if that is not possible, see {@link
   * #requireFew}.
   *
   * @param columns the select list
   * @param clauses GROUP BY and ORDER BY, or empty
   */
  public void forEach(
      JdbcOperations jdbc, String columns, String clauses, Select.RowAction action) {
    requireFew(jdbc);
    Select.forEach(jdbc, "SELECT %s FROM %s %s".formatted(columns, from, clauses), values, action);
  }
}
