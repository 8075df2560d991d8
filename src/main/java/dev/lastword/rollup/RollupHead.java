package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.feed.FeedConsumer;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.EnumMap;
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
   * The next version of the counts of past days. A counter alone would return to the same numbers
   * after the database was restored from a backup, for other data.
   */
  static final String NEXT_VERSION =
      "GREATEST(past_changes + 1, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)";

  private final JdbcOperations jdbc;

  RollupHead(JdbcOperations jdbc) {
    this.jdbc = jdbc;
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

  /** Records that the counts of an earlier day have changed. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void changePast() {
    jdbc.prepareStatement(
        "UPDATE rollup_head SET past_changes = " + NEXT_VERSION, PreparedStatement::executeUpdate);
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
        SET position = ?, as_of = COALESCE(?, as_of), past_changes = IF(?, %s, past_changes)
        WHERE feed = ?
        """
            .formatted(NEXT_VERSION),
        statement -> {
          statement.setLong(1, position);
          statement.setObject(2, asOf);
          statement.setBoolean(3, pastChanged);
          statement.setInt(4, feed.number());
          return statement.executeUpdate();
        });
  }
}
