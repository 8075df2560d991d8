package dev.lastword.commit;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the rows of lanes that have committed nothing for an hour, mostly of nodes that no longer
 * exist. A lane that was idle inserts its row again. No batch is unsettled for that long.
 */
@Singleton
class LaneCommitCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(LaneCommitCleanup.class);

  private static final List<String> DELETES =
      List.of(
          "DELETE FROM lane_commit WHERE committed_at < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR",
          "DELETE FROM search_staging WHERE bucket = 64 AND last_seen < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR");

  private final JdbcOperations jdbc;

  LaneCommitCleanup(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Scheduled(fixedDelay = "10m", initialDelay = "10m")
  void run() {
    try {
      delete();
    } catch (RuntimeException e) {
      LOG.warn("Cannot delete the rows of former lanes, will retry: {}", e.toString());
    }
  }

  @Connectable
  void delete() {
    for (String delete : DELETES) {
      jdbc.<Integer>prepareStatement(delete, PreparedStatement::executeUpdate);
    }
  }
}
