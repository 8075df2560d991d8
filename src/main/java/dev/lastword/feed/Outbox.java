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
 * Table {@code feed_outbox}: rows that were logged or changed and have no position yet.
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

  /** Adds the rows with new ids that this transaction adds to a log, in the order of their ids. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Feed feed, List<Row> rows) {
    if (!rows.isEmpty()) {
      List<RowKey> keys = keys(rows);
      add(feed, keys.get(0), false, keys, rows);
    }
  }

  /**
   * Adds rows whose ids are not new, in the order of their ids.
   *
   * @param id a new one; if the rows are amended, later than that of the transaction that added
   *     them
   * @param amends whether the rows were in the log before
   * @param rows at least one
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Feed feed, long id, boolean amends, List<Row> rows) {
    List<RowKey> keys = keys(rows);
    add(feed, new RowKey(keys.get(0).bucket(), id), amends, keys, rows);
  }

  private static List<RowKey> keys(List<Row> rows) {
    return rows.stream().map(Row::key).sorted(Comparator.comparingLong(RowKey::id)).toList();
  }

  private void add(Feed feed, RowKey name, boolean amends, List<RowKey> keys, List<Row> rows) {
    List<LocalDateTime> moments = rows.stream().map(Row::time).toList();
    jdbc.prepareStatement(
        """
        INSERT INTO feed_outbox (bucket, id, feed, size, earliest, latest, row_keys, amends)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        statement -> {
          statement.setInt(1, name.bucket());
          statement.setLong(2, name.id());
          statement.setInt(3, feed.number());
          statement.setInt(4, keys.size());
          statement.setObject(5, Collections.min(moments));
          statement.setObject(6, Collections.max(moments));
          statement.setBytes(7, PackedKeys.pack(keys));
          statement.setBoolean(8, amends);
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
        SELECT bucket, id, size, earliest, latest, row_keys, amends FROM feed_outbox
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

  /** Returns the names of those batches that wait for a position. */
  @Connectable
  Set<RowKey> waiting(Feed feed, List<RowKey> names) {
    return jdbc.prepareStatement(
        "SELECT bucket, id FROM feed_outbox WHERE feed = ? AND (%s)"
            .formatted(RowKey.condition(names)),
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
            statement.setInt(1, batch.name().bucket());
            statement.setLong(2, batch.name().id());
            statement.setInt(3, feed.number());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
