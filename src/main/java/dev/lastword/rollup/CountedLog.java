package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.row.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;

/** The logs whose rows are counted, and their columns. */
enum CountedLog {
  SEARCHES(Feed.SEARCHES, "search_log", "searched_at", "folded", "keystrokes"),
  EVENTS(Feed.EVENTS, "event_log", "occurred_at", "topic", "0");

  private final Feed feed;
  private final String table;
  private final String time;
  private final String columns;

  CountedLog(Feed feed, String table, String time, String subject, String keystrokes) {
    this.feed = feed;
    this.table = table;
    this.time = time;
    this.columns =
        "bucket, id, tenant_id, %s AS time, %s AS subject, user_id, %s AS keystrokes"
            .formatted(time, subject, keystrokes);
  }

  static CountedLog of(Feed feed) {
    return feed == Feed.SEARCHES ? SEARCHES : EVENTS;
  }

  Feed feed() {
    return feed;
  }

  String table() {
    return table;
  }

  /** Returns the name of the column with the time of a row. */
  String time() {
    return time;
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
