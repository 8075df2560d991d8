package dev.lastword.commit;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the rows of {@code lane_commit} that nobody has updated for a day. A lane that only had
 * nothing to do makes its row anew.
 */
@Singleton
class LaneCommitCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(LaneCommitCleanup.class);

  private record Row(int bucket, long lane) {}

  private final JdbcOperations jdbc;

  LaneCommitCleanup(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Scheduled(fixedDelay = "1h", initialDelay = "1h")
  void run() {
    try {
      delete();
    } catch (RuntimeException e) {
      LOG.warn("Old rows of lane_commit are not deleted, will retry: {}", e.toString());
    }
  }

  @Connectable
  void delete() {
    List<Row> old =
        jdbc.prepareStatement(
            "SELECT bucket, lane FROM lane_commit WHERE committed_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY",
            statement -> {
              List<Row> rows = new ArrayList<>();
              ResultSet row = statement.executeQuery();
              while (row.next()) {
                rows.add(new Row(row.getInt("bucket"), row.getLong("lane")));
              }
              return rows;
            });
    // By key, so that no lane that is at work is waited for; its row may have become young again.
    jdbc.<int[]>prepareStatement(
        """
        DELETE FROM lane_commit
        WHERE bucket = ? AND lane = ? AND committed_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY
        """,
        statement -> {
          for (Row row : old) {
            statement.setInt(1, row.bucket());
            statement.setLong(2, row.lane());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
