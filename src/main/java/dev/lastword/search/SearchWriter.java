package dev.lastword.search;

import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.row.RowIds;
import dev.lastword.row.Timestamps;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
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
   * Adds searches with new ids.
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
   * Adds searches with the ids that they had, perhaps in this log, and perhaps not long ago.
   *
   * @param now by the clock of the database
   * @throws RuntimeException if the database fails, or one of the ids is in the log
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void restore(List<Search> restored, LocalDateTime now) {
    if (!restored.isEmpty()) {
      searches.insert(restored);
      outbox.add(Feed.SEARCHES, ids.next(millis(now)), false, rows(restored));
    }
  }

  /**
   * Completes searches that are in the log.
   *
   * @param now by the clock of the database
   * @throws RuntimeException if the database fails; or that can be retried, if one of them was
   *     amended or erased meanwhile
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void amend(List<Search> amended, LocalDateTime now) {
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
    // Later than those under which they were added, so that the feed has a search before its
    // amendments, also if a clock was set back since.
    long latest = amended.stream().mapToLong(search -> RowIds.millis(search.id())).max().orElse(0);
    long id = ids.next(Math.max(millis(now), latest + 1));
    outbox.add(Feed.SEARCHES, id, true, rows(amended));
  }

  private static long millis(LocalDateTime time) {
    return Timestamps.fromDatabase(time).toEpochMilli();
  }

  private static List<Outbox.Row> rows(List<Search> searches) {
    return searches.stream()
        .map(search -> new Outbox.Row(search.rowKey(), search.searchedAt()))
        .toList();
  }
}
