package dev.lastword.feed;

import dev.lastword.row.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;

/**
 * The rows that one transaction added to a log, or changed in it.
 *
 * @param name identifies the batch: the added row with the smallest id, or an id of its own
 * @param size number of rows
 * @param earliest the earliest time of the rows
 * @param latest the latest time of the rows
 * @param keys of the rows, see {@link PackedKeys}
 * @param amends whether the rows were changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutboxBatch(
    RowKey name,
    int size,
    LocalDateTime earliest,
    LocalDateTime latest,
    byte[] keys,
    boolean amends) {

  static OutboxBatch read(ResultSet row) throws SQLException {
    return new OutboxBatch(
        new RowKey(row.getInt("bucket"), row.getLong("id")),
        row.getInt("size"),
        row.getObject("earliest", LocalDateTime.class),
        row.getObject("latest", LocalDateTime.class),
        row.getBytes("row_keys"),
        row.getBoolean("amends"));
  }
}
