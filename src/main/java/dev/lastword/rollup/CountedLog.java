package dev.lastword.rollup;

import dev.lastword.daily.CountedTopic;
import dev.lastword.feed.Feed;
import dev.lastword.row.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;

/** The logs whose rows are counted, and the columns that are read. */
enum CountedLog {
  SEARCHES(
      Feed.SEARCHES,
      "IF(counted_as_former, former_folded, folded)",
      "IF(counted_as_former, former_user_id, user_id)",
      "IF(counted_as_former, former_keystrokes, keystrokes)",
      "searched_at"),
  EVENTS(Feed.EVENTS, CountedTopic.SQL, "user_id", "0", "received_at");

  private final Feed feed;
  private final String columns;
  private final String storedAt;

  CountedLog(Feed feed, String subject, String user, String keystrokes, String storedAt) {
    this.feed = feed;
    this.storedAt = storedAt;
    this.columns =
        "bucket, id, tenant_id, %s AS time, %s AS subject, %s AS counted_user, %s AS keystrokes"
            .formatted(feed.timeColumn(), subject, user, keystrokes);
  }

  static CountedLog of(Feed feed) {
    return feed == Feed.SEARCHES ? SEARCHES : EVENTS;
  }

  Feed feed() {
    return feed;
  }

  /**
   * Returns the select list that {@link #read} needs, with the values that are counted: those
   * before an amendment, if the rollup has not passed it.
   */
  String columns() {
    return columns;
  }

  /** Returns the column with the time of a row by the clock of the database. */
  String storedAt() {
    return storedAt;
  }

  static LoggedRow read(ResultSet row) throws SQLException {
    String userId = row.getString("counted_user");
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
