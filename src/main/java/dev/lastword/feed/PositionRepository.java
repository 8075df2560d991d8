package dev.lastword.feed;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tables {@code feed} and {@code feed_head}, as {@link Numbering} writes them. */
@Singleton
class PositionRepository {

  private static final int FORGOTTEN_AT_ONCE = 1_000;

  private final JdbcOperations jdbc;

  PositionRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Locks the head of a feed and reads its last position; null if somebody else has it. */
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

  /** Which of the batches have positions. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Set<RowKey> known(Feed feed, List<Batch> batches) {
    Map<Integer, List<Batch>> byBucket =
        batches.stream()
            .collect(
                Collectors.groupingBy(
                    batch -> batch.first().bucket(), TreeMap::new, Collectors.toList()));
    String any =
        byBucket.entrySet().stream()
            .map(
                bucket ->
                    "(bucket = %d AND id IN (%s))"
                        .formatted(bucket.getKey(), marks(bucket.getValue().size())))
            .collect(Collectors.joining(" OR "));
    return jdbc.prepareStatement(
        "SELECT bucket, id FROM feed FORCE INDEX (once) WHERE feed = ? AND (%s)".formatted(any),
        statement -> {
          int parameter = 1;
          statement.setInt(parameter++, feed.number());
          for (List<Batch> bucket : byBucket.values()) {
            for (Batch batch : bucket) {
              statement.setLong(parameter++, batch.first().id());
            }
          }
          Set<RowKey> known = new HashSet<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            known.add(new RowKey(rows.getInt("bucket"), rows.getLong("id")));
          }
          return known;
        });
  }

  /** Gives the batches the positions behind {@code last}. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void append(Feed feed, long last, List<Batch> batches) {
    if (batches.isEmpty()) {
      return;
    }
    long position = last;
    for (Batch batch : batches) {
      position += batch.size();
    }
    long end = position;
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO feed (feed, last_position, bucket, id, size, earliest, latest, row_keys, numbered_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        """,
        statement -> {
          long given = last;
          for (Batch batch : batches) {
            given += batch.size();
            statement.setInt(1, feed.number());
            statement.setLong(2, given);
            statement.setInt(3, batch.first().bucket());
            statement.setLong(4, batch.first().id());
            statement.setInt(5, batch.size());
            statement.setObject(6, batch.earliest());
            statement.setObject(7, batch.latest());
            statement.setBytes(8, batch.keys());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
    update("UPDATE feed_head SET last_position = ? WHERE feed = ?", end, feed);
  }

  /** Deletes some positions that are older than {@code keep}; says up to which, or 0. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  long forget(Feed feed, Duration keep) {
    long old = lastOlderThan(feed, keep);
    if (old > 0) {
      update("UPDATE feed_head SET dropped_position = ? WHERE feed = ?", old, feed);
      update("DELETE FROM feed WHERE last_position <= ? AND feed = ?", old, feed);
    }
    return old;
  }

  /** Reads the first ones only, and not on until one is found that is old. */
  private long lastOlderThan(Feed feed, Duration keep) {
    return jdbc.prepareStatement(
        """
        SELECT COALESCE(MAX(last_position), 0) FROM (
          SELECT last_position, numbered_at FROM feed WHERE feed = ? ORDER BY last_position LIMIT ?
        ) AS first
        WHERE numbered_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
        """,
        statement -> {
          statement.setInt(1, feed.number());
          statement.setInt(2, FORGOTTEN_AT_ONCE);
          statement.setLong(3, keep.toSeconds());
          return one(statement.executeQuery());
        });
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

  private static long one(ResultSet row) throws SQLException {
    row.next();
    return row.getLong(1);
  }

  private static String marks(int count) {
    return Stream.generate(() -> "?").limit(count).collect(Collectors.joining(","));
  }
}
