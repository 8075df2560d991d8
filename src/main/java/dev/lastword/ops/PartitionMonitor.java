package dev.lastword.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Checks once a minute, on each node, whether rows are in a MAXVALUE partition. Metrics and health
 * read the last result and never wait.
 */
@Singleton
class PartitionMonitor {

  /**
   * The state of a table.
   *
   * @param overflow rows in its MAXVALUE partition
   * @param madeUntil the end of its months, null if it has none
   */
  record State(long overflow, @Nullable LocalDateTime madeUntil) {}

  private final DataSource database;
  private final Map<String, State> seen = new ConcurrentHashMap<>();

  PartitionMonitor(DataSource database, MeterRegistry meters) {
    this.database = DelegatingDataSource.unwrapDataSource(database);
    for (PartitionedTable table : PartitionedTable.ALL) {
      Gauge.builder("lastword.partition.overflow.rows", () -> overflow(table.name()))
          .description("rows in the MAXVALUE partition; should be 0")
          .tag("table", table.name())
          .register(meters);
    }
  }

  @Scheduled(fixedDelay = "1m", initialDelay = "1m")
  void check() {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = database.getConnection()) {
        seen.put(table.name(), state(connection, table));
      } catch (SQLException e) {
        // The database has its own health indicator; here, the state is unknown.
        seen.remove(table.name());
      }
    }
  }

  /** Returns the states by table, without those that are unknown. */
  Map<String, State> seen() {
    return Map.copyOf(seen);
  }

  private @Nullable Double overflow(String table) {
    return Optional.ofNullable(seen.get(table))
        .map(state -> (double) state.overflow())
        .orElse(null);
  }

  private static State state(Connection connection, PartitionedTable table) throws SQLException {
    long overflow = 0;
    LocalDateTime madeUntil = null;
    for (Partition partition : table.partitions(connection)) {
      if (partition.isLast()) {
        overflow = table.rowsIn(connection, partition);
      } else {
        madeUntil = partition.end();
      }
    }
    return new State(overflow, madeUntil);
  }
}
