package dev.lastword.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.env.Environment;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the monthly partitions of the logs.
 *
 * <ol>
 *   <li>Months are cut off from the MAXVALUE partition until three lie ahead of the database's
 *       date. Rows that had to wait in it (the service was off, or could not alter the table) move
 *       to their months.
 *   <li>With {@code lastword.retention}, partitions whose whole range is older are dropped.
 * </ol>
 *
 * Runs at start before any request is taken, then every ten minutes on one node at a time. A step
 * that fails is logged, counted and tried again: it has months of time. Should the lock expire in
 * mid work, a second node's ALTER finds the partition there already and fails without harm.
 */
@Singleton
public class PartitionUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionUpkeep.class);

  private final DatabaseAddress database;
  private final boolean enabled;
  private final Retention retention;
  private final PartitionWatch watch;
  private final MeterRegistry meters;

  PartitionUpkeep(
      Environment settings, Retention retention, PartitionWatch watch, MeterRegistry meters) {
    this.database = DatabaseAddress.from(settings).orElseThrow();
    this.enabled = settings.getProperty("lastword.jobs.enabled", Boolean.class).orElse(true);
    this.retention = retention;
    this.watch = watch;
    this.meters = meters;
  }

  @EventListener
  void atStart(StartupEvent event) {
    if (enabled) {
      run();
      watch.look();
    }
  }

  /** Makes and drops what is due, unless another node is at it. */
  @Scheduled(fixedDelay = "10m", initialDelay = "10m")
  @SchedulerLock(name = "partitions", lockAtMostFor = "10m")
  public void run() {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = open(database)) {
        make(connection, table);
        drop(connection, table);
      } catch (SQLException e) {
        meters.counter("lastword.partition.upkeep.failures", "table", table.name()).increment();
        LOG.warn("Partitions of {} not kept, will try again: {}", table.name(), e.getMessage());
      }
    }
  }

  /**
   * Makes the months ahead at once, without a node.
   *
   * @throws DatabaseFailure if a table cannot be altered now
   */
  public static void makeAhead(DatabaseAddress database) {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = open(database)) {
        make(connection, table);
      } catch (SQLException e) {
        throw new DatabaseFailure(
            "The partitions of %s cannot be made: %s".formatted(table.name(), e.getMessage()), e);
      }
    }
  }

  /**
   * A connection that has time to move many rows, but gives up after a second where it cannot
   * begin: an ALTER that waits for a long query makes every writer wait behind it.
   */
  private static Connection open(DatabaseAddress database) throws SQLException {
    Connection connection = database.patient().connect();
    try (var statement = connection.createStatement()) {
      statement.execute("SET lock_wait_timeout = 1");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void make(Connection connection, PartitionedTable table) throws SQLException {
    List<Partition> partitions = table.partitions(connection);
    for (Partition last : partitions.stream().filter(Partition::isLast).toList()) {
      // Only a table without months needs to look at its rows.
      LocalDateTime oldest = partitions.size() == 1 ? table.oldestIn(connection, last) : null;
      List<Partition> missing = PartitionPlan.missing(partitions, oldest, now(connection));
      if (!missing.isEmpty()) {
        table.cutOff(connection, missing, last);
        LOG.info("Made {} of {}", names(missing), table.name());
      }
    }
  }

  private void drop(Connection connection, PartitionedTable table) throws SQLException {
    if (retention.kept().isEmpty()) {
      return;
    }
    List<Partition> expired =
        PartitionPlan.expired(
            table.partitions(connection), retention.kept().get(), now(connection));
    if (!expired.isEmpty()) {
      table.drop(connection, expired);
      LOG.info("Dropped {} of {}", names(expired), table.name());
    }
  }

  /** The clock that dates are measured by: the database's, the same for every node. */
  private static LocalDateTime now(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT UTC_TIMESTAMP(3)")) {
      row.next();
      return row.getObject(1, LocalDateTime.class);
    }
  }

  private static List<String> names(List<Partition> partitions) {
    return partitions.stream().map(Partition::name).toList();
  }
}
