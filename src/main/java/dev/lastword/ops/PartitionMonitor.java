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
 * Looks once a minute, on each node, whether a row has fallen into a MAXVALUE partition, so that
 * none stays there unseen. Metrics and health read what it saw last and never wait for it.
 */
@Singleton
class PartitionMonitor {

  /**
   * What was seen of a table.
   *
   * @param overflow rows in its MAXVALUE partition
   * @param madeUntil where its months end, null if it has none
   */
  record Sight(long overflow, @Nullable LocalDateTime madeUntil) {}

  private final DataSource database;
  private final Map<String, Sight> seen = new ConcurrentHashMap<>();

  PartitionMonitor(DataSource database, MeterRegistry meters) {
    this.database = DelegatingDataSource.unwrapDataSource(database);
    for (PartitionedTable table : PartitionedTable.ALL) {
      Gauge.builder("lastword.partition.overflow.rows", () -> overflow(table.name()))
          .description("rows in the MAXVALUE partition; more than 0 wants a look")
          .tag("table", table.name())
          .register(meters);
    }
  }

  @Scheduled(fixedDelay = "1m", initialDelay = "1m")
  void look() {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = database.getConnection()) {
        seen.put(table.name(), sight(connection, table));
      } catch (SQLException e) {
        // That the database is away is told by its own health; here it only means: not known.
        seen.remove(table.name());
      }
    }
  }

  /** By table; one that could not be looked at is left out. */
  Map<String, Sight> seen() {
    return Map.copyOf(seen);
  }

  private @Nullable Double overflow(String table) {
    return Optional.ofNullable(seen.get(table))
        .map(sight -> (double) sight.overflow())
        .orElse(null);
  }

  private static Sight sight(Connection connection, PartitionedTable table) throws SQLException {
    long overflow = 0;
    LocalDateTime madeUntil = null;
    for (Partition partition : table.partitions(connection)) {
      if (partition.isLast()) {
        overflow = table.rowsIn(connection, partition);
      } else {
        madeUntil = partition.end();
      }
    }
    return new Sight(overflow, madeUntil);
  }
}
