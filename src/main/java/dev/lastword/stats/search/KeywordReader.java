package dev.lastword.stats.search;

import dev.lastword.stats.Days;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Searches per keyword on a range of days. */
interface KeywordReader {

  /** Returns the number of all searches. */
  long total(int tenantId, Days days);

  /**
   * Returns the most frequent keywords, most frequent first, then by keyword.
   *
   * @param prefix of the keywords, null for all
   */
  List<KeywordCount> mostFrequent(int tenantId, Days days, @Nullable String prefix, int limit);

  /** Returns the keywords with at least this number of searches. */
  Map<String, Long> atLeast(int tenantId, Days days, int searches);

  /** Returns the searches for some keywords, without those that have none. */
  Map<String, Long> of(int tenantId, Days days, Collection<String> keywords);
}
