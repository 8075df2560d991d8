package dev.lastword.search;

import dev.lastword.row.Bucket;
import dev.lastword.row.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code search_staging}, and how long they have waited. A row is aged, that is, due
 * for promotion, when it is submitted or its last keystroke is {@code debounce} ago.
 *
 * @param staged number of rows
 * @param aged number of aged rows that can be logged
 * @param refused number of rows that cannot be logged
 * @param oldest the last keystroke of the row that waits longest, null if there is none
 * @param newest the last keystroke of all, null if there is none
 * @param lag how long the oldest aged row has waited for its promotion
 */
public record StagingBacklog(
    long staged,
    long aged,
    long refused,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    Duration lag) {

  /** Condition on the rows of all sessions: those of the lanes are in a bucket after them. */
  public static final String ALL = "bucket < " + Bucket.COUNT;

  /** Condition on the rows of one tenant, with the tenant's id as its parameter. */
  public static final String OF_TENANT = "tenant_id = ?";

  /**
   * @param rows {@link #ALL} or {@link #OF_TENANT}
   * @return a query of one row for {@link #read}
   */
  public static String query(Duration debounce, String rows) {
    return """
    SELECT COUNT(*) AS staged, COUNT(refused) AS refused, MIN(last_seen) AS oldest, MAX(last_seen) AS newest,
      COUNT(IF(refused IS NULL AND %1$s, 1, NULL)) AS aged,
      GREATEST(0, COALESCE(MAX(IF(refused IS NULL,
        TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) - IF(submitted, 0, %2$d), NULL)), 0)) AS lag_micros
    FROM search_staging
    WHERE %3$s
    """
        .formatted(aged(debounce), micros(debounce), rows);
  }

  /** Reads the current row of a result of the query. */
  public static StagingBacklog read(ResultSet row) throws SQLException {
    return new StagingBacklog(
        row.getLong("staged"),
        row.getLong("aged"),
        row.getLong("refused"),
        Timestamps.readNullable(row, "oldest"),
        Timestamps.readNullable(row, "newest"),
        Duration.ofNanos(row.getLong("lag_micros") * 1_000));
  }

  /**
   * @return the condition that a row is aged
   */
  static String aged(Duration debounce) {
    return "(submitted OR %s)".formatted(unchangedFor(debounce));
  }

  /**
   * @return the condition that a row has been aged for this time
   */
  static String agedFor(Duration time, Duration debounce) {
    return "(submitted AND %s OR %s)"
        .formatted(unchangedFor(time), unchangedFor(debounce.plus(time)));
  }

  private static String unchangedFor(Duration time) {
    return "last_seen <= UTC_TIMESTAMP(3) - INTERVAL %d MICROSECOND".formatted(micros(time));
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }
}
