package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;

/** Records which days can no longer be counted from the logs, and which are no longer counted. */
public final class DroppedDays {

  private DroppedDays() {}

  /**
   * Keeps the counts of the days before {@code first}, whose rows are about to be dropped. Answers
   * from the log change.
   */
  public static void before(Connection connection, Feed feed, LocalDate first) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE rollup_head
            SET log_since = GREATEST(COALESCE(log_since, ?), ?), past_changes = %s
            WHERE feed = ?
            """
                .formatted(RollupHead.NEXT_VERSION))) {
      statement.setObject(1, first);
      statement.setObject(2, first);
      statement.setInt(3, feed.number());
      statement.executeUpdate();
    }
  }

  /** Ends answers about the days before {@code first}, whose counts are about to be deleted. */
  static void countsBefore(Connection connection, LocalDate first) throws SQLException {
    for (Feed feed : Feed.values()) {
      before(connection, feed, first);
    }
    try (var statement =
        connection.prepareStatement(
            "UPDATE rollup_head SET counts_since = GREATEST(COALESCE(counts_since, ?), ?)")) {
      statement.setObject(1, first);
      statement.setObject(2, first);
      statement.executeUpdate();
    }
  }
}
