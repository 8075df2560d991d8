package dev.lastword.feed;

import dev.lastword.row.RowKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the rows that were added to a log and that a {@link FeedConsumer} has not read. */
public final class UnreadRows {

  private UnreadRows() {}

  /**
   * Returns the keys of the rows without a position, or with one after {@code position}.
   *
   * @param connection in a transaction that reads from a snapshot; of its rows, none is missing
   */
  public static Set<RowKey> after(Connection connection, Feed feed, long position)
      throws SQLException {
    Set<RowKey> keys = new HashSet<>();
    // A batch whose node died between the two transactions of the sequencer is in both tables.
    try (var statement =
        connection.prepareStatement(
            """
            SELECT o.row_keys, ? AS last_position, o.size FROM feed_outbox o
            LEFT JOIN feed f ON f.feed = o.feed AND f.bucket = o.bucket AND f.id = o.id
            WHERE o.feed = ? AND f.feed IS NULL AND NOT o.amends
            UNION ALL
            SELECT row_keys, last_position, size FROM feed WHERE feed = ? AND last_position > ? AND NOT amends
            """)) {
      statement.setLong(1, Long.MAX_VALUE);
      statement.setInt(2, feed.number());
      statement.setInt(3, feed.number());
      statement.setLong(4, position);
      try (ResultSet batches = statement.executeQuery()) {
        while (batches.next()) {
          int size = batches.getInt("size");
          // A consumer may stop within a batch.
          long unread = Math.min(size, batches.getLong("last_position") - position);
          List<RowKey> batch = PackedKeys.unpack(batches.getBytes("row_keys"));
          keys.addAll(batch.subList(size - (int) unread, size));
        }
      }
    }
    return keys;
  }
}
