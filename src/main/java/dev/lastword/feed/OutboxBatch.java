package dev.lastword.feed;

import dev.lastword.row.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;

/**
 * The rows that one transaction added to a log.
 *
 * @param first the row with the smallest id, which identifies the batch
 * @param size number of rows
 * @param earliest the earliest time of the rows
 * @param latest the latest time of the rows
 * @param keys of the rows, see {@link PackedKeys}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutboxBatch(
    RowKey first, int size, LocalDateTime earliest, LocalDateTime latest, byte[] keys) {

  static OutboxBatch read(ResultSet row) throws SQLException {
    return new OutboxBatch(
        new RowKey(row.getInt("bucket"), row.getLong("id")),
        row.getInt("size"),
        row.getObject("earliest", LocalDateTime.class),
        row.getObject("latest", LocalDateTime.class),
        row.getBytes("row_keys"));
  }
}
