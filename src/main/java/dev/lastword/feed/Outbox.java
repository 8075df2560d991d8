package dev.lastword.feed;

import dev.lastword.row.RowKey;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Table {@code feed_outbox}: rows that were logged and have no position yet.
 *
 * <p>Commit order is invisible: a row with a smaller id, or an earlier time, may be committed
 * later, so no query on a log can find what is new in it. A row of the outbox exists exactly from
 * the commit of its transaction until it has a position. There is one for each transaction, not one
 * for each logged row, which costs the writers little.
 */
@Singleton
public class Outbox {

  /**
   * A row that was written to a log.
   *
   * @param time the time that the log is partitioned by
   */
  public record Row(RowKey key, LocalDateTime time) {}

  private final JdbcOperations jdbc;

  Outbox(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds the rows that this transaction writes to a log, in the order of their ids. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Feed feed, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<RowKey> keys = new ArrayList<>(rows.stream().map(Row::key).toList());
    keys.sort(Comparator.comparingLong(RowKey::id));
    List<LocalDateTime> moments = rows.stream().map(Row::time).toList();
    jdbc.prepareStatement(
        """
        INSERT INTO feed_outbox (bucket, id, feed, size, earliest, latest, row_keys)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        statement -> {
          statement.setInt(1, keys.get(0).bucket());
          statement.setLong(2, keys.get(0).id());
          statement.setInt(3, feed.number());
          statement.setInt(4, keys.size());
          statement.setObject(5, Collections.min(moments));
          statement.setObject(6, Collections.max(moments));
          statement.setBytes(7, PackedKeys.pack(keys));
          return statement.executeUpdate();
        });
  }

  /** Returns whether batches wait for a position, without locking anything. */
  @Connectable
  boolean isWaiting(Feed feed) {
    return jdbc.prepareStatement(
        "SELECT 1 FROM feed_outbox WHERE feed = ? LIMIT 1",
        statement -> {
          statement.setInt(1, feed.number());
          return statement.executeQuery().next();
        });
  }

  /** Returns the batches that wait for a position, roughly in the order of their commits. */
  @Connectable
  List<OutboxBatch> waiting(Feed feed, int limit) {
    return jdbc.prepareStatement(
        """
        SELECT bucket, id, size, earliest, latest, row_keys FROM feed_outbox
        WHERE feed = ? ORDER BY id, bucket LIMIT ?
        """,
        statement -> {
          statement.setInt(1, feed.number());
          statement.setInt(2, limit);
          List<OutboxBatch> batches = new ArrayList<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            batches.add(OutboxBatch.read(rows));
          }
          return batches;
        });
  }

  /** Returns the first rows of those batches that wait for a position. */
  @Connectable
  Set<RowKey> waiting(Feed feed, List<RowKey> firsts) {
    return jdbc.prepareStatement(
        "SELECT bucket, id FROM feed_outbox WHERE feed = ? AND (%s)"
            .formatted(RowKey.condition(firsts)),
        statement -> {
          statement.setInt(1, feed.number());
          return RowKey.read(statement.executeQuery());
        });
  }

  @Transactional
  void remove(Feed feed, List<OutboxBatch> batches) {
    jdbc.<int[]>prepareStatement(
        "DELETE FROM feed_outbox WHERE bucket = ? AND id = ? AND feed = ?",
        statement -> {
          for (OutboxBatch batch : batches) {
            statement.setInt(1, batch.first().bucket());
            statement.setLong(2, batch.first().id());
            statement.setInt(3, feed.number());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
