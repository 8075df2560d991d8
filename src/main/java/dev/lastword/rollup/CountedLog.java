package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.row.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;

/** The logs whose rows are counted, and the columns that are read. */
enum CountedLog {
  SEARCHES(Feed.SEARCHES, "folded", "keystrokes"),
  EVENTS(Feed.EVENTS, "topic", "0");

  private final Feed feed;
  private final String columns;

  CountedLog(Feed feed, String subject, String keystrokes) {
    this.feed = feed;
    this.columns =
        "bucket, id, tenant_id, %s AS time, %s AS subject, user_id, %s AS keystrokes"
            .formatted(feed.timeColumn(), subject, keystrokes);
  }

  static CountedLog of(Feed feed) {
    return feed == Feed.SEARCHES ? SEARCHES : EVENTS;
  }

  Feed feed() {
    return feed;
  }

  /** Returns the select list that {@link #read} needs. */
  String columns() {
    return columns;
  }

  static LoggedRow read(ResultSet row) throws SQLException {
    String userId = row.getString("user_id");
    return new LoggedRow(
        new RowKey(row.getInt("bucket"), row.getLong("id")),
        row.getInt("tenant_id"),
        row.getObject("time", LocalDateTime.class),
        withoutPadding(row.getString("subject")),
        userId == null ? null : withoutPadding(userId),
        row.getInt("keystrokes"));
  }

  /**
   * Removes trailing blanks. Ingest stores none, but rows that someone inserted by hand may have
   * them, and the database would not distinguish their counts.
   */
  private static String withoutPadding(String text) {
    return text.endsWith(" ") ? text.stripTrailing() : text;
  }
}
