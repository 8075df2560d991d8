package dev.lastword.stats.search;

import dev.lastword.row.Select;
import dev.lastword.stats.Days;
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
class LoggedKeywords implements KeywordReader {

  private final JdbcOperations jdbc;

  LoggedKeywords(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Connectable("reads")
  public long total(int tenantId, Days days) {
    LoggedSearches searches = LoggedSearches.of(tenantId, days, null);
    return Select.list(
            jdbc,
            "SELECT COUNT(*) FROM " + searches.from(),
            searches.values(),
            row -> row.getLong(1))
        .get(0);
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
    Map<String, Long> counts = new HashMap<>();
    LoggedSearches.of(tenantId, days, null)
        .forEach(
            jdbc,
            "folded, COUNT(*) AS searches",
            "GROUP BY folded",
            row -> counts.put(row.getString("folded"), row.getLong("searches")));
    return counts;
  }
}
