package dev.lastword.search;

import dev.lastword.daily.DailySearches;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds searches to the log, to the daily counts and to the feed. */
@Singleton
class SearchWriter {
  private final SearchRepository searches;
  private final DailySearches dailySearches;
  private final Outbox outbox;

  SearchWriter(SearchRepository searches, DailySearches dailySearches, Outbox outbox) {
    this.searches = searches;
    this.dailySearches = dailySearches;
    this.outbox = outbox;
  }

  /**
   * Adds searches whose ids are not in the log.
   *
   * @throws RuntimeException if the database fails, or one of the ids is in the log
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void add(List<Search> added) {
    if (!added.isEmpty()) {
      searches.insert(added);
      dailySearches.add(sums(added));
      outbox.add(
          Feed.SEARCHES,
          added.stream()
              .map(search -> new Outbox.Row(search.rowKey(), search.searchedAt()))
              .toList());
    }
  }

  private static Collection<DailySearches.Sum> sums(List<Search> added) {
    Map<Object, DailySearches.Sum> sums = new HashMap<>();
    for (Search search : added) {
      var sum =
          new DailySearches.Sum(
              search.key().bucket(),
              search.key().tenantId(),
              search.searchedAt().toLocalDate(),
              search.folded(),
              1,
              search.keystrokes());
      sums.merge(
          List.of(sum.bucket(), sum.tenantId(), sum.day(), sum.folded()),
          sum,
          DailySearches.Sum::plus);
    }
    return sums.values();
  }
}
