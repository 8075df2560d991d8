package dev.lastword.search;

import dev.lastword.commit.BatchNumber;
import dev.lastword.row.Bucket;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The row of a lane in {@code search_staging}. Its keyword is the number of the batch that was
 * committed last; its bucket comes after those of the sessions.
 *
 * <p>It is written in the same statement as the keystrokes of the batch. So a batch takes one round
 * trip to the database. With a separate table for the numbers it would take two, and a round trip
 * costs as much as a batch of few rows.
 */
final class LaneRow {
  static final int BUCKET = Bucket.COUNT;

  /** Makes the statement of a batch fail if its number or a greater one is already stored. */
  static final String GUARD =
      "bucket = %d THEN IF(keyword < VALUES(keyword), 5, NULL)".formatted(BUCKET);

  /** The values of the upsert, with two parameters. */
  static final String VALUES =
      "(%d,0,?,NULL,?,'',0,0,FALSE,NULL,0,UTC_TIMESTAMP(3))".formatted(BUCKET);

  private static final String FENCE =
      StagingRepository.INSERT
          + VALUES
          + """
          ON DUPLICATE KEY UPDATE keyword = IF(keyword = ?, keyword, VALUES(keyword)), last_seen = VALUES(last_seen)
          """;
  private static final String READ =
      "SELECT keyword FROM search_staging WHERE bucket = %d AND tenant_id = 0 AND session_id = ?"
          .formatted(BUCKET);

  private LaneRow() {}

  /**
   * Binds the number of a batch from the first parameter on.
   *
   * @return the next parameter
   */
  static int bind(PreparedStatement statement, BatchNumber number) throws SQLException {
    return bind(statement, number, number.value());
  }

  /** Settles an attempt, see {@link dev.lastword.commit.BatchWriter#settle}. */
  static boolean settle(JdbcOperations jdbc, BatchNumber number) {
    String batch = keyword(number.value());
    jdbc.prepareStatement(
        FENCE,
        statement -> {
          statement.setString(bind(statement, number, number.fence()), batch);
          return statement.executeUpdate();
        });
    return jdbc.prepareStatement(
        READ,
        statement -> {
          statement.setString(1, session(number));
          ResultSet row = statement.executeQuery();
          return row.next() && row.getString(1).equals(batch);
        });
  }

  private static int bind(PreparedStatement statement, BatchNumber number, long value)
      throws SQLException {
    statement.setString(1, session(number));
    statement.setString(2, keyword(value));
    return 3;
  }

  private static String session(BatchNumber number) {
    return "lane %d of %016x".formatted(number.lane(), number.writer());
  }

  /** Returns the number as a text of fixed length, so that texts compare like numbers. */
  private static String keyword(long value) {
    return "batch %019d".formatted(value);
  }
}
