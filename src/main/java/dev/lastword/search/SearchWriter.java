package dev.lastword.search;

import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.row.RowIds;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;

/** Adds searches to the log, completes those that are in it, and tells the feed of both. */
@Singleton
class SearchWriter {
  private final SearchRepository searches;
  private final Outbox outbox;
  private final RowIds ids;

  SearchWriter(SearchRepository searches, Outbox outbox, @Named("searches") RowIds ids) {
    this.searches = searches;
    this.outbox = outbox;
    this.ids = ids;
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
      outbox.add(Feed.SEARCHES, rows(added));
    }
  }

  /**
   * Completes searches that are in the log.
   *
   * @throws RuntimeException if the database fails; or that can be retried, if one of them was
   *     amended or erased meanwhile
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void amend(List<Search> amended) {
    if (amended.isEmpty()) {
      return;
    }
    // In the order in which all others lock them.
    searches.amend(
        amended.stream()
            .sorted(
                Comparator.comparing((Search search) -> search.key().bucket())
                    .thenComparing(Search::id))
            .toList());
    // Later than the ids of all of them, so that the feed has each search before its amendments.
    long latest = amended.stream().mapToLong(Search::id).max().orElseThrow();
    outbox.addAmended(Feed.SEARCHES, ids.next(RowIds.millis(latest) + 1), rows(amended));
  }

  private static List<Outbox.Row> rows(List<Search> searches) {
    return searches.stream()
        .map(search -> new Outbox.Row(search.rowKey(), search.searchedAt()))
        .toList();
  }
}
