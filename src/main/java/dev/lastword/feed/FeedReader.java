package dev.lastword.feed;

import dev.lastword.row.RowKey;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads tables {@code feed} and {@code feed_head}: the order of a log that all nodes share. */
@Singleton
public class FeedReader {

  /**
   * The positions that can be read.
   *
   * @param last the last assigned position
   * @param dropped the last deleted position; reading cannot resume before it
   */
  public record Head(long last, long dropped) {}

  /**
   * A row of a log and its position.
   *
   * @param amends whether the row was in the log before, and has changed
   */
  public record Numbered(long position, RowKey key, boolean amends) {}

  /**
   * A page of consecutive rows.
   *
   * @param rows in their order, including those that have been erased from the log; one that was
   *     amended may be there more than once
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after
   */
  public record Page(List<Numbered> rows, LocalDateTime earliest, LocalDateTime latest) {}

  private final JdbcOperations jdbc;

  FeedReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  public Head head(Feed feed) {
    return jdbc.prepareStatement(
        "SELECT last_position, dropped_position FROM feed_head WHERE feed = ?",
        statement -> {
          statement.setInt(1, feed.number());
          ResultSet row = statement.executeQuery();
          row.next();
          return new Head(row.getLong(1), row.getLong(2));
        });
  }

  /** Reads up to {@code limit} rows after a position; fewer only if there are no more. */
  @Connectable("reads")
  public Page after(Feed feed, long position, int limit) {
    return jdbc.prepareStatement(
        """
        SELECT last_position, bucket, id, size, earliest, latest, row_keys, amends FROM feed
        WHERE feed = ? AND last_position > ? AND last_position <= COALESCE(
          (SELECT MIN(enough.last_position) FROM feed AS enough WHERE enough.feed = ? AND enough.last_position >= ?),
          9223372036854775807)
        ORDER BY last_position
        """,
        statement -> {
          statement.setInt(1, feed.number());
          statement.setLong(2, position);
          statement.setInt(3, feed.number());
          statement.setLong(4, position + limit);
          return page(statement.executeQuery(), position, limit);
        });
  }

  private static Page page(ResultSet batches, long after, int limit) throws SQLException {
    List<Numbered> rows = new ArrayList<>();
    LocalDateTime earliest = LocalDateTime.MAX;
    LocalDateTime latest = LocalDateTime.MIN;
    while (rows.size() < limit && batches.next()) {
      OutboxBatch batch = OutboxBatch.read(batches);
      long position = batches.getLong("last_position") - batch.size();
      for (RowKey key : PackedKeys.unpack(batch.keys())) {
        position++;
        if (position > after && rows.size() < limit) {
          rows.add(new Numbered(position, key, batch.amends()));
        }
      }
      earliest = batch.earliest().isBefore(earliest) ? batch.earliest() : earliest;
      latest = batch.latest().isAfter(latest) ? batch.latest() : latest;
    }
    return new Page(rows, earliest, latest);
  }
}
