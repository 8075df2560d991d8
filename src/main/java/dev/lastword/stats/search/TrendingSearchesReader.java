package dev.lastword.stats.search;

import dev.lastword.stats.Days;
import dev.lastword.stats.Page;
import dev.lastword.stats.search.TrendingSearchesController.TrendingSearch;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Reads the searches whose share has risen of all searches. */
@Singleton
class TrendingSearchesReader {
  private static final int DECIMAL_PLACES = 2;

  private record Scored(String keyword, long count, long countBefore, double score) {
    static final Comparator<Scored> STRONGEST_FIRST =
        Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::keyword);
  }

  private final KeywordReader keywords;
  private final Snapshot snapshot;

  TrendingSearchesReader(KeywordReader keywords, Snapshot snapshot) {
    this.keywords = keywords;
    this.snapshot = snapshot;
  }

  List<TrendingSearch> read(int tenantId, Days days, Page page) {
    return snapshot.read(() -> trends(tenantId, days, page));
  }

  private List<TrendingSearch> trends(int tenantId, Days days, Page page) {
    long total = keywords.total(tenantId, days);
    long totalBefore = keywords.total(tenantId, days.before());
    Map<String, Long> counts = keywords.atLeast(tenantId, days, Trend.MIN_SEARCHES);
    Map<String, Long> before = keywords.of(tenantId, days.before(), counts.keySet());
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
        .skip(page.offset())
        .limit(page.limit())
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
}
