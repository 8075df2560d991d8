package dev.lastword.stats.search;

import java.util.Comparator;

/**
 * How often a keyword was searched for.
 *
 * @param keyword without letter case
 */
record KeywordCount(String keyword, long searches) {

  /** Most frequent first, then by keyword. */
  static final Comparator<KeywordCount> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(KeywordCount::searches)
          .reversed()
          .thenComparing(KeywordCount::keyword);
}
