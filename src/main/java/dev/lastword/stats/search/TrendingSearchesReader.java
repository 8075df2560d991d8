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
import java.util.List;

/** Reads the searches whose share has risen, from {@code daily_search}. */
@Singleton
class TrendingSearchesReader {
  private static final int DECIMAL_PLACES = 2;

  private record Scored(String keyword, long count, long countBefore, double score) {
    static final Comparator<Scored> STRONGEST_FIRST =
        Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::keyword);
  }

  private final JdbcOperations jdbc;
  private final SearchCountReader totals;
  private final Snapshot snapshot;

  TrendingSearchesReader(
      @Named("reads") JdbcOperations jdbc, SearchCountReader totals, Snapshot snapshot) {
    this.jdbc = jdbc;
    this.totals = totals;
    this.snapshot = snapshot;
  }

  List<TrendingSearch> read(int tenantId, Days days, int limit) {
    return snapshot.read(() -> trends(tenantId, days, limit));
  }

  private List<TrendingSearch> trends(int tenantId, Days days, int limit) {
    long total = total(tenantId, days);
    long totalBefore = total(tenantId, days.before());
    List<Scored> trends = new ArrayList<>();
    Select.forEach(
        jdbc,
        """
        SELECT folded, SUM(CASE WHEN day >= ? THEN searches ELSE 0 END) AS count_now,
               SUM(CASE WHEN day < ? THEN searches ELSE 0 END) AS count_before
        FROM daily_search
        WHERE tenant_id = ? AND day >= ? AND day <= ?
        GROUP BY folded
        HAVING count_now >= ?
        """,
        List.of(
            days.first(),
            days.first(),
            tenantId,
            days.before().first(),
            days.last(),
            Trend.MIN_SEARCHES),
        row -> {
          long count = row.getLong("count_now");
          long before = row.getLong("count_before");
          double score = Trend.score(count, total, before, totalBefore);
          if (score >= Trend.SIGNIFICANT) {
            trends.add(new Scored(row.getString("folded"), count, before, score));
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

  private long total(int tenantId, Days days) {
    return totals.searches(tenantId, days.first(), days.last().plusDays(1));
  }
}
