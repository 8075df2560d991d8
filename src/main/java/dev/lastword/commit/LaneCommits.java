package dev.lastword.commit;

import io.micronaut.transaction.TransactionOperations;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;

/**
 * The commits of one lane, noted in its row of table {@code lane_commit}.
 *
 * <p>The row is updated before anything else, so its lock orders the attempts at a batch: a retry
 * waits until an attempt that is still alive on the server has ended, and then finds out how.
 */
public final class LaneCommits implements CommitMarker {
  private final TransactionOperations<Connection> transactions;
  private final int bucket;
  private final long lane = new SecureRandom().nextLong();
  private boolean known;

  /**
   * @param transactions of the database that holds the rows
   * @param bucket the lowest bucket of the lane, so that its row lies where those of its batches do
   */
  public LaneCommits(TransactionOperations<Connection> transactions, int bucket) {
    this.transactions = transactions;
    this.bucket = bucket;
  }

  @Override
  public boolean commit(long number, Runnable work) {
    boolean first =
        transactions.executeWrite(
            status -> {
              if (!note(status.getConnection(), number)) {
                return false;
              }
              work.run();
              return true;
            });
    known = true;
    return first;
  }

  @Override
  public boolean isCommitted(long number) {
    return transactions.executeWrite(status -> committed(status.getConnection()) >= number);
  }

  /** Stores the number unless it, or a later one, is stored already. */
  private boolean note(Connection connection, long number) throws SQLException {
    if (!known) {
      insert(connection);
    }
    if (update(connection, number) == 1) {
      return true;
    }
    if (committed(connection) >= number) {
      return false;
    }
    // Somebody has deleted the row.
    known = false;
    throw new SQLNonTransientException(
        "Row (%d, %d) of lane_commit is gone".formatted(bucket, lane));
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

  private int update(Connection connection, long number) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE lane_commit SET number = ?, committed_at = UTC_TIMESTAMP(3)
            WHERE bucket = ? AND lane = ? AND number < ?
            """)) {
      statement.setLong(1, number);
      statement.setInt(2, bucket);
      statement.setLong(3, lane);
      statement.setLong(4, number);
      return statement.executeUpdate();
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
