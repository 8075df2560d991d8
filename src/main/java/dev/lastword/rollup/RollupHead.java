package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.feed.FeedConsumer;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Table {@code rollup_head}: how far the counts have followed each feed. */
@Singleton
class RollupHead implements FeedConsumer {

  /**
   * A row of the table.
   *
   * @param position the last counted position
   * @param logSince the first day whose rows are all in the log
   */
  record Row(long position, LocalDate logSince) {}

  /**
   * The locked rows.
   *
   * @param now time of the database
   */
  record Locked(LocalDateTime now, Map<Feed, Row> rows) {

    Row of(Feed feed) {
      return Objects.requireNonNull(rows.get(feed));
    }
  }

  /**
   * How far one feed is counted.
   *
   * @param waiting whether committed rows have no position yet
   * @param position the last counted position
   * @param last the last assigned position
   * @param asOf a time before which everything that was committed is counted
   * @param pastChanges number of transactions that changed the counts of days before theirs
   */
  record Progress(
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
   * @param daysToRecount days whose counts are not yet complete, after an upgrade
   */
  record State(LocalDateTime now, int daysToRecount, List<Progress> feeds) {

    boolean isComplete() {
      return feeds.stream().allMatch(Progress::isComplete);
    }

    /** Returns a number that changes with the counts of past days. */
    long pastChanges() {
      return feeds.stream().mapToLong(Progress::pastChanges).sum();
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

  RollupHead(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Reads how far the counts are, in one statement. */
  @Connectable
  State state() {
    return jdbc.prepareStatement(
        """
        SELECT r.feed, r.position, r.as_of, r.past_changes, h.last_position, UTC_TIMESTAMP(3) AS now,
               EXISTS (SELECT 1 FROM feed_outbox o WHERE o.feed = r.feed) AS waiting,
               (SELECT COUNT(*) FROM recount_day) AS days_to_recount
        FROM rollup_head r
        JOIN feed_head h ON h.feed = r.feed
        ORDER BY r.feed
        """,
        statement -> {
          List<Progress> feeds = new ArrayList<>();
          LocalDateTime now = LocalDateTime.MIN;
          int days = 0;
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            now = rows.getObject("now", LocalDateTime.class);
            days = rows.getInt("days_to_recount");
            feeds.add(
                new Progress(
                    CountedLog.of(Feed.of(rows.getInt("feed"))),
                    rows.getBoolean("waiting"),
                    rows.getLong("position"),
                    rows.getLong("last_position"),
                    rows.getObject("as_of", LocalDateTime.class),
                    rows.getLong("past_changes")));
          }
          return new State(now, days, feeds);
        });
  }

  /**
   * Locks the counts for the transaction.
   *
   * @return null if another transaction holds the lock
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  @Nullable Locked tryLock() {
    return jdbc.prepareStatement(
        """
        SELECT feed, position, log_since, UTC_TIMESTAMP(3) AS now FROM rollup_head
        ORDER BY feed FOR UPDATE SKIP LOCKED
        """,
        statement -> {
          Map<Feed, Row> heads = new EnumMap<>(Feed.class);
          LocalDateTime now = LocalDateTime.MIN;
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            heads.put(Feed.of(rows.getInt("feed")), row(rows));
            now = rows.getObject("now", LocalDateTime.class);
          }
          return heads.size() == Feed.values().length ? new Locked(now, heads) : null;
        });
  }

  private static Row row(ResultSet row) throws SQLException {
    LocalDate logSince = row.getObject("log_since", LocalDate.class);
    return new Row(row.getLong("position"), logSince == null ? LocalDate.MIN : logSince);
  }

  @Override
  @Connectable
  public long position(Feed feed) {
    return row(feed).position();
  }

  /** Returns the first day whose rows are all in the log. */
  @Connectable
  LocalDate logSince(Feed feed) {
    return row(feed).logSince();
  }

  private Row row(Feed feed) {
    return jdbc.prepareStatement(
        "SELECT position, log_since FROM rollup_head WHERE feed = ?",
        statement -> {
          statement.setInt(1, feed.number());
          ResultSet row = statement.executeQuery();
          row.next();
          return row(row);
        });
  }

  /**
   * Records that the positions of a feed up to {@code position} are counted.
   *
   * @param asOf a time before which nothing was committed that is not counted; null to keep the
   *     former one
   * @param pastChanged whether the counts of an earlier day have changed
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void advance(Feed feed, long position, @Nullable LocalDateTime asOf, boolean pastChanged) {
    jdbc.prepareStatement(
        """
        UPDATE rollup_head
        SET position = ?, as_of = COALESCE(?, as_of), past_changes = past_changes + ?
        WHERE feed = ?
        """,
        statement -> {
          statement.setLong(1, position);
          statement.setObject(2, asOf);
          statement.setInt(3, pastChanged ? 1 : 0);
          statement.setInt(4, feed.number());
          return statement.executeUpdate();
        });
  }
}
