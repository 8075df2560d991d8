package dev.lastword.stats.search;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How often a keyword was searched for.
 *
 * @param keyword without letter case
 */
record KeywordCount(String keyword, long searches) {

  private static final Comparator<KeywordCount> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(KeywordCount::searches)
          .reversed()
          .thenComparing(KeywordCount::keyword);

  /** Returns the most frequent keywords, most frequent first, then by keyword. */
  static List<KeywordCount> mostFrequent(Map<String, Long> counts, int limit) {
    return counts.entrySet().stream()
        .map(count -> new KeywordCount(count.getKey(), count.getValue()))
        .sorted(MOST_FREQUENT_FIRST)
        .limit(limit)
        .toList();
  }
}
