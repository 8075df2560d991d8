package dev.lastword.feed;

import dev.lastword.row.RowKey;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables {@code feed} and {@code feed_head}, as {@link Sequencer} writes them. */
@Singleton
class FeedRepository {

  static final int CHUNK = 1_000;

  /**
   * A batch and its position.
   *
   * @param last the position of its last row
   * @param name identifies the batch
   */
  record Position(long last, RowKey name) {}

  private final JdbcOperations jdbc;

  FeedRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Locks the head of a feed and reads its last position.
   *
   * @return null if another node holds the lock
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  @Nullable Long lock(Feed feed) {
    return jdbc.prepareStatement(
        "SELECT last_position FROM feed_head WHERE feed = ? FOR UPDATE SKIP LOCKED",
        statement -> {
          statement.setInt(1, feed.number());
          ResultSet row = statement.executeQuery();
          return row.next() ? row.getLong(1) : null;
        });
  }

  /** Returns the names of the batches that have positions. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Set<RowKey> known(Feed feed, List<OutboxBatch> batches) {
    String any = RowKey.condition(batches.stream().map(OutboxBatch::name).toList());
    return jdbc.prepareStatement(
        "SELECT bucket, id FROM feed FORCE INDEX (once) WHERE feed = ? AND (%s)".formatted(any),
        statement -> {
          statement.setInt(1, feed.number());
          return RowKey.read(statement.executeQuery());
        });
  }

  /** Assigns the positions after {@code last} to the batches. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void append(Feed feed, long last, List<OutboxBatch> batches) {
    if (batches.isEmpty()) {
      return;
    }
    long position = last;
    for (OutboxBatch batch : batches) {
      position += batch.size();
    }
    long end = position;
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO feed (feed, last_position, bucket, id, size, earliest, latest, row_keys, amends, numbered_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        """,
        statement -> {
          long given = last;
          for (OutboxBatch batch : batches) {
            given += batch.size();
            statement.setInt(1, feed.number());
            statement.setLong(2, given);
            statement.setInt(3, batch.name().bucket());
            statement.setLong(4, batch.name().id());
            statement.setInt(5, batch.size());
            statement.setObject(6, batch.earliest());
            statement.setObject(7, batch.latest());
            statement.setBytes(8, batch.keys());
            statement.setBoolean(9, batch.amends());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
    update("UPDATE feed_head SET last_position = ? WHERE feed = ?", end, feed);
  }

  /**
   * Reads the batches of a feed that are older than {@code keep} and not after position {@code
   * last}, oldest first and at most {@value #CHUNK}.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<Position> olderThan(Feed feed, Duration keep, long last) {
    return jdbc.prepareStatement(
        """
        SELECT last_position, bucket, id FROM (
          SELECT last_position, bucket, id, numbered_at FROM feed
          WHERE feed = ? AND last_position <= ?
          ORDER BY last_position LIMIT ?
        ) AS first
        WHERE numbered_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
        ORDER BY last_position
        """,
        statement -> {
          statement.setInt(1, feed.number());
          statement.setLong(2, last);
          statement.setInt(3, CHUNK);
          statement.setLong(4, keep.toSeconds());
          List<Position> old = new ArrayList<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            old.add(
                new Position(
                    rows.getLong("last_position"),
                    new RowKey(rows.getInt("bucket"), rows.getLong("id"))));
          }
          return old;
        });
  }

  /** Deletes the positions of a feed up to {@code last}. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void deleteOld(Feed feed, long last) {
    update("UPDATE feed_head SET dropped_position = ? WHERE feed = ?", last, feed);
    update("DELETE FROM feed WHERE last_position <= ? AND feed = ?", last, feed);
  }

  private void update(String sql, long position, Feed feed) {
    jdbc.prepareStatement(
        sql,
        statement -> {
          statement.setLong(1, position);
          statement.setInt(2, feed.number());
          return statement.executeUpdate();
        });
  }
}
