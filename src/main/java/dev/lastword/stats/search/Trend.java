package dev.lastword.stats.search;

/**
 * Measures how unlikely it is that a keyword's rise is chance, by the log-likelihood ratio of T.
 * Dunning, "Accurate methods for the statistics of surprise and coincidence" (Computational
 * Linguistics 19, 1993). Unlike a quotient, it is meaningful for small numbers: from 0 to 1 is no
 * trend, and from 0 to 20 is more of one than from 1,000 to 1,050.
 */
final class Trend {
  /**
   * Score of a trend. Chance alone exceeds it for one keyword in 1,000 (chi-squared, one degree of
   * freedom).
   */
  static final double SIGNIFICANT = 10.83;

  /** Searches of a trend; the distribution of the ratio is not known for fewer. */
  static final int MIN_SEARCHES = 5;

  private Trend() {}

  /**
   * Returns the ratio: twice the sum of observed × ln(observed / expected) over the keyword and all
   * other searches, now and before.
   *
   * @param count searches for the keyword
   * @param total all searches
   * @param countBefore searches for the keyword on the days before
   * @param totalBefore all searches on the days before
   * @return 0 if the keyword's share has not risen
   */
  static double score(long count, long total, long countBefore, long totalBefore) {
    if (totalBefore == 0 || (double) count / total <= (double) countBefore / totalBefore) {
      return 0;
    }
    double all = (double) total + totalBefore;
    double keyword = (double) count + countBefore;
    double expected = keyword * total / all;
    double expectedBefore = keyword * totalBefore / all;
    return 2
        * (term(count, expected)
            + term(countBefore, expectedBefore)
            + term(total - count, total - expected)
            + term(totalBefore - countBefore, totalBefore - expectedBefore));
  }

  private static double term(double observed, double expected) {
    return observed == 0 ? 0 : observed * Math.log(observed / expected);
  }
}
