package dev.lastword.search;

import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;

/** Adds searches to the log and to the feed. */
@Singleton
class SearchWriter {
  private final SearchRepository searches;
  private final Outbox outbox;

  SearchWriter(SearchRepository searches, Outbox outbox) {
    this.searches = searches;
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
      outbox.add(
          Feed.SEARCHES,
          added.stream()
              .map(search -> new Outbox.Row(search.rowKey(), search.searchedAt()))
              .toList());
    }
  }
}
