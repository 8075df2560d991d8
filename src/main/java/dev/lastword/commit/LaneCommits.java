package dev.lastword.commit;

import io.micronaut.transaction.TransactionOperations;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The commits of one lane, noted in its row of table {@code lane_commit}.
 *
 * <ol>
 *   <li>A first attempt does the work, notes the number and commits.
 *   <li>A retry looks whether the number is noted already. If not, the attempt before it is dead,
 *       or alive on the server and holding the locks of its rows; the work then waits for these.
 *   <li>So the retry notes its number after the work, and only if it is greater than the one that
 *       is noted by then; else it rolls back.
 * </ol>
 *
 * <p>Where the connection allows it, note and commit are one trip to the server: with small batches
 * a trip costs as much as the work.
 */
public final class LaneCommits implements CommitMarker {
  private final TransactionOperations<Connection> transactions;
  private final int bucket;
  private final boolean multiQueries;
  private final long lane = new SecureRandom().nextLong();
  private boolean known;
  private long attempted;

  /**
   * @param transactions of the database that holds the rows
   * @param bucket the lowest bucket of the lane, so that its row lies where those of its batches do
   * @param multiQueries whether the connections take several statements at once, and ask the server
   *     whether there is anything to commit
   */
  public LaneCommits(
      TransactionOperations<Connection> transactions, int bucket, boolean multiQueries) {
    this.transactions = transactions;
    this.bucket = bucket;
    this.multiQueries = multiQueries;
  }

  @Override
  public boolean commit(long number, Runnable work) {
    boolean retry = number == attempted;
    if (retry && isCommitted(number)) {
      return false;
    }
    attempted = number;
    return transactions.executeWrite(
        status -> {
          Connection connection = status.getConnection();
          if (!known) {
            insert(connection);
          }
          work.run();
          if (retry && committed(connection) >= number) {
            status.setRollbackOnly();
            return false;
          }
          known = note(connection, number);
          return true;
        });
  }

  /** Returns whether an attempt has committed this number. */
  boolean isCommitted(long number) {
    return transactions.executeWrite(status -> committed(status.getConnection()) >= number);
  }

  private void insert(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            INSERT INTO lane_commit (bucket, lane, number, committed_at) VALUES (?, ?, 0, UTC_TIMESTAMP(3))
            ON DUPLICATE KEY UPDATE number = number
            """)) {
      statement.setInt(1, bucket);
      statement.setLong(2, lane);
      statement.executeUpdate();
    }
  }

  /** Returns whether the row was there; if not, the next batch makes it anew. */
  private boolean note(Connection connection, long number) throws SQLException {
    String sql =
        "UPDATE lane_commit SET number = %d, committed_at = UTC_TIMESTAMP(3) WHERE bucket = %d AND lane = %d"
            .formatted(number, bucket, lane);
    try (var statement = connection.createStatement()) {
      statement.execute(multiQueries ? sql + "; COMMIT" : sql);
      return statement.getUpdateCount() == 1;
    }
  }

  /** The number that is stored; less than any without a row. */
  private long committed(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT number FROM lane_commit WHERE bucket = ? AND lane = ? FOR UPDATE")) {
      statement.setInt(1, bucket);
      statement.setLong(2, lane);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : Long.MIN_VALUE;
      }
    }
  }
}
