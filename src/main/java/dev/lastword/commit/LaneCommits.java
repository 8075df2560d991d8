package dev.lastword.commit;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;

/** Table {@code lane_commit}: the number of the last batch that each lane committed. */
@Singleton
public class LaneCommits {
  private final JdbcOperations jdbc;

  LaneCommits(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Stores the number of a batch in the transaction that writes it. If the stored number is not
   * less, the batch is late; then the NULL, which the column refuses, fails its transaction.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void note(BatchNumber number) {
    upsert(number, number.value(), "IF(number < VALUES(number), VALUES(number), NULL)");
  }

  /** Settles an attempt, see {@link BatchWriter#settle}. */
  @Transactional
  public boolean settle(BatchNumber number) {
    upsert(
        number,
        number.fence(),
        "IF(number = %d, number, VALUES(number))".formatted(number.value()));
    return jdbc.prepareStatement(
        "SELECT number FROM lane_commit WHERE bucket = ? AND lane = ?",
        statement -> {
          statement.setInt(1, number.lane());
          statement.setLong(2, number.writer());
          ResultSet row = statement.executeQuery();
          return row.next() && row.getLong(1) == number.value();
        });
  }

  private void upsert(BatchNumber number, long value, String assignment) {
    jdbc.prepareStatement(
        """
        INSERT INTO lane_commit (bucket, lane, number, committed_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE number = %s, committed_at = VALUES(committed_at)
        """
            .formatted(assignment),
        statement -> {
          statement.setInt(1, number.lane());
          statement.setLong(2, number.writer());
          statement.setLong(3, value);
          return statement.executeUpdate();
        });
  }
}
