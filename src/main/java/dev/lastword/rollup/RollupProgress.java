package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Reads how far the counts have followed the feeds. */
@Singleton
class RollupProgress {

  /**
   * How far one feed is counted.
   *
   * @param waiting whether committed rows have no position yet
   * @param position the last counted position
   * @param last the last assigned position
   * @param asOf a time before which everything that was committed is counted
   * @param pastChanges version of the counts of past days
   */
  record FeedProgress(
      CountedLog log,
      boolean waiting,
      long position,
      long last,
      LocalDateTime asOf,
      long pastChanges) {

    boolean isComplete() {
      return !waiting && position >= last;
    }
  }

  /**
   * How far all feeds are counted.
   *
   * @param now time of the database
   * @param countsSince the first day whose counts are all kept
   */
  record State(LocalDateTime now, LocalDate countsSince, List<FeedProgress> feeds) {

    boolean isComplete() {
      return feeds.stream().allMatch(FeedProgress::isComplete);
    }

    /** Returns a text that changes with the counts of past days, and never returns. */
    String pastVersion() {
      return feeds.stream()
          .map(feed -> Long.toString(feed.pastChanges()))
          .collect(Collectors.joining("-"));
    }

    /** Returns a time before which everything that was committed is counted. */
    LocalDateTime asOf() {
      return feeds.stream()
          .map(feed -> feed.isComplete() ? now : feed.asOf())
          .min(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private final JdbcOperations jdbc;

  RollupProgress(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Reads how far the counts are, in one statement. */
  @Connectable("reads")
  State read() {
    return jdbc.prepareStatement(
        """
        SELECT r.feed, r.position, r.as_of, r.past_changes, r.counts_since, h.last_position, UTC_TIMESTAMP(3) AS now,
               EXISTS (SELECT 1 FROM feed_outbox o WHERE o.feed = r.feed) AS waiting
        FROM rollup_head r
        JOIN feed_head h ON h.feed = r.feed
        ORDER BY r.feed
        """,
        statement -> {
          List<FeedProgress> feeds = new ArrayList<>();
          LocalDateTime now = LocalDateTime.MIN;
          LocalDate since = LocalDate.MIN;
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            now = rows.getObject("now", LocalDateTime.class);
            LocalDate dropped = rows.getObject("counts_since", LocalDate.class);
            since = dropped == null ? since : dropped;
            feeds.add(
                new FeedProgress(
                    CountedLog.of(Feed.of(rows.getInt("feed"))),
                    rows.getBoolean("waiting"),
                    rows.getLong("position"),
                    rows.getLong("last_position"),
                    rows.getObject("as_of", LocalDateTime.class),
                    rows.getLong("past_changes")));
          }
          return new State(now, since, feeds);
        });
  }
}
