package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LogLimit;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads searches per keyword from {@code search_log}, for days of any time zone. */
@Singleton
class LoggedKeywords implements KeywordCounts {

  private final JdbcOperations jdbc;

  LoggedKeywords(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Connectable("reads")
  public long total(int tenantId, Days days) {
    return read(tenantId, days).values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  @Connectable("reads")
  public List<KeywordCount> mostFrequent(
      int tenantId, Days days, @Nullable String prefix, int limit) {
    Map<String, Long> counts = read(tenantId, days);
    if (prefix != null) {
      counts.keySet().removeIf(keyword -> !keyword.startsWith(prefix));
    }
    return KeywordCount.mostFrequent(counts, limit);
  }

  @Override
  @Connectable("reads")
  public Map<String, Long> atLeast(int tenantId, Days days, int searches) {
    Map<String, Long> counts = read(tenantId, days);
    counts.values().removeIf(count -> count < searches);
    return counts;
  }

  @Override
  @Connectable("reads")
  public Map<String, Long> of(int tenantId, Days days, Collection<String> keywords) {
    Map<String, Long> counts = read(tenantId, days);
    counts.keySet().retainAll(keywords);
    return counts;
  }

  private Map<String, Long> read(int tenantId, Days days) {
    LogLimit.requireComplete(jdbc, Feed.SEARCHES, days.start().toLocalDate());
    String rows =
        """
        search_log FORCE INDEX (newest)
        WHERE tenant_id = ? AND searched_at >= ? AND searched_at < ?
        """;
    List<Object> values = List.of(tenantId, days.start(), days.end());
    LogLimit.requireFew(jdbc, rows, values, "searches; use a shorter range");
    Map<String, Long> counts = new HashMap<>();
    Select.forEach(
        jdbc,
        "SELECT folded, COUNT(*) AS searches FROM %s GROUP BY folded".formatted(rows),
        values,
        row -> counts.put(row.getString("folded"), row.getLong("searches")));
    return counts;
  }
}
