package dev.lastword.stats.search;

import dev.lastword.rollup.SearchCountReader;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.search.TrendingSearchesController.TrendingSearch;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the searches whose share has risen, from {@code daily_search}. */
@Singleton
class TrendingSearchesReader {
  private static final int DECIMAL_PLACES = 2;

  private record Scored(String keyword, long count, long countBefore, double score) {
    static final Comparator<Scored> STRONGEST_FIRST =
        Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::keyword);
  }

  private final JdbcOperations jdbc;
  private final FrequentSearches frequent;
  private final SearchCountReader totals;
  private final Snapshot snapshot;

  TrendingSearchesReader(
      @Named("reads") JdbcOperations jdbc,
      FrequentSearches frequent,
      SearchCountReader totals,
      Snapshot snapshot) {
    this.jdbc = jdbc;
    this.frequent = frequent;
    this.totals = totals;
    this.snapshot = snapshot;
  }

  List<TrendingSearch> read(int tenantId, Days days, int limit) {
    return snapshot.read(() -> trends(tenantId, days, limit));
  }

  private List<TrendingSearch> trends(int tenantId, Days days, int limit) {
    long total = total(tenantId, days);
    long totalBefore = total(tenantId, days.before());
    Map<String, Long> counts = counts(tenantId, days);
    Map<String, Long> before = frequent.read(tenantId, days.before(), counts.keySet());
    List<Scored> trends = new ArrayList<>();
    counts.forEach(
        (keyword, count) -> {
          long countBefore = before.getOrDefault(keyword, 0L);
          double score = Trend.score(count, total, countBefore, totalBefore);
          if (score >= Trend.SIGNIFICANT) {
            trends.add(new Scored(keyword, count, countBefore, score));
          }
        });
    return trends.stream()
        .sorted(Scored.STRONGEST_FIRST)
        .limit(limit)
        .map(
            trend ->
                new TrendingSearch(
                    trend.keyword,
                    trend.count,
                    trend.countBefore,
                    Shares.of(trend.count, total),
                    Shares.of(trend.countBefore, totalBefore),
                    BigDecimal.valueOf(trend.score).setScale(DECIMAL_PLACES, RoundingMode.HALF_UP)))
        .toList();
  }

  /** Returns the searches for each keyword that may be a trend. */
  private Map<String, Long> counts(int tenantId, Days days) {
    Map<String, Long> counts = new HashMap<>();
    Select.forEach(
        jdbc,
        """
        SELECT folded, SUM(searches) AS total FROM daily_search FORCE INDEX (PRIMARY)
        WHERE tenant_id = ? AND day >= ? AND day <= ?
        GROUP BY folded
        HAVING total >= ?
        """,
        List.of(tenantId, days.first(), days.last(), Trend.MIN_SEARCHES),
        row -> counts.put(row.getString("folded"), row.getLong("total")));
    return counts;
  }

  private long total(int tenantId, Days days) {
    return totals.searches(tenantId, days.first(), days.last().plusDays(1));
  }
}
