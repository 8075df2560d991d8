package dev.lastword.ops;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.DatabaseFailure;
import dev.lastword.rollup.DroppedDays;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.env.Environment;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains the monthly partitions of the logs.
 *
 * <ol>
 *   <li>Splits months off the MAXVALUE partition until three are ahead of the database's date. Rows
 *       that were in it (the service was down, or could not alter the table) move to their months.
 *   <li>Rows older than the first month, for example imported ones, are in the first partition.
 *       Splits their months off while it has few rows, because writers wait until these are copied.
 *   <li>With {@code lastword.retention}, drops partitions whose whole range is older. The newest of
 *       them stays, empty, as the first partition. Daily counts are kept, and {@link DroppedDays}
 *       records that they can no longer be counted from the log.
 * </ol>
 *
 * It runs at start before the first request, then every minute on one node at a time, and during an
 * import. A step that fails is logged, counted and retried. If the lock expires during the work,
 * the ALTER of a second node finds the partition and fails without harm.
 */
@Singleton
public class PartitionMaintenance {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionMaintenance.class);

  /**
   * A partition with more rows is left to {@code lastword migrate}, because writers would wait
   * long.
   */
  static final int MAX_ROWS_MOVED = 100_000;

  private final DatabaseAddress database;
  private final boolean enabled;
  private final RetentionSettings retention;
  private final PartitionMonitor monitor;
  private final MeterRegistry meters;

  PartitionMaintenance(
      Environment settings,
      RetentionSettings retention,
      PartitionMonitor monitor,
      MeterRegistry meters) {
    this.database = DatabaseAddress.from(settings).orElseThrow();
    this.enabled = settings.getProperty("lastword.jobs.enabled", Boolean.class).orElse(true);
    this.retention = retention;
    this.monitor = monitor;
    this.meters = meters;
  }

  @EventListener
  void atStart(StartupEvent event) {
    if (enabled) {
      run();
      monitor.check();
    }
  }

  /** Creates and drops partitions that are due, unless another node does. */
  @Scheduled(fixedDelay = "1m", initialDelay = "1m")
  @SchedulerLock(name = "partitions", lockAtMostFor = "10m")
  public void run() {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = open(database)) {
        makeAhead(connection, table);
        if (!makePast(connection, table, retention.kept().orElse(null), MAX_ROWS_MOVED)) {
          failed(
              table,
              "the first partition has more than %d rows; lastword migrate moves them"
                  .formatted(MAX_ROWS_MOVED));
        }
        drop(connection, table);
      } catch (SQLException e) {
        failed(table, e.getMessage());
      }
    }
  }

  private void failed(PartitionedTable table, @Nullable String reason) {
    meters.counter("lastword.partition.upkeep.failures", "table", table.name()).increment();
    LOG.warn("Cannot maintain the partitions of {}, will retry: {}", table.name(), reason);
  }

  /**
   * Creates all missing months, however many rows have to move.
   *
   * @throws DatabaseFailure if a table cannot be altered now
   */
  public static void makeAll(DatabaseAddress database) {
    for (PartitionedTable table : PartitionedTable.ALL) {
      try (Connection connection = open(database)) {
        makeAhead(connection, table);
        makePast(connection, table, null, Long.MAX_VALUE);
      } catch (SQLException e) {
        throw new DatabaseFailure(
            "The partitions of %s cannot be created: %s".formatted(table.name(), e.getMessage()),
            e);
      }
    }
  }

  /**
   * Opens a connection that has time to move many rows, but waits at most a second for the table:
   * an ALTER that waits for a long query blocks all writers.
   */
  private static Connection open(DatabaseAddress database) throws SQLException {
    Connection connection = database.withoutSocketTimeout().connect();
    try (var statement = connection.createStatement()) {
      statement.execute("SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void makeAhead(Connection connection, PartitionedTable table) throws SQLException {
    List<Partition> partitions = table.partitions(connection);
    for (Partition last : partitions.stream().filter(Partition::isLast).toList()) {
      // Only a table without months needs its oldest row.
      LocalDateTime oldest = partitions.size() == 1 ? table.oldestIn(connection, last) : null;
      cutOff(connection, table, PartitionPlan.ahead(partitions, oldest, now(connection)), last);
    }
  }

  /**
   * Creates the months of the rows in the first partition.
   *
   * @return false if more than {@code limit} rows would move, and nothing was done
   */
  private static boolean makePast(
      Connection connection, PartitionedTable table, @Nullable Duration retention, long limit)
      throws SQLException {
    List<Partition> partitions = table.partitions(connection);
    if (partitions.isEmpty() || !table.hasMoreThan(0, connection, partitions.get(0))) {
      return true;
    }
    Partition first = partitions.get(0);
    boolean tooMany = table.hasMoreThan(limit, connection, first);
    // The oldest row is found by a scan, which is useless if nothing moves.
    LocalDateTime oldest = tooMany ? LocalDateTime.MIN : table.oldestIn(connection, first);
    List<Partition> past = PartitionPlan.past(partitions, oldest, retention, now(connection));
    if (tooMany && !past.isEmpty()) {
      return false;
    }
    cutOff(connection, table, past, first);
    return true;
  }

  private static void cutOff(
      Connection connection, PartitionedTable table, List<Partition> months, Partition from)
      throws SQLException {
    if (!months.isEmpty()) {
      table.cutOff(connection, months, from);
      LOG.info("Made {} of {}", names(months), table.name());
    }
  }

  private void drop(Connection connection, PartitionedTable table) throws SQLException {
    if (retention.kept().isEmpty()) {
      return;
    }
    List<Partition> expired =
        PartitionPlan.expired(
            table.partitions(connection), retention.kept().get(), now(connection));
    if (expired.isEmpty()) {
      return;
    }
    int newest = expired.size() - 1;
    boolean hasRows = table.hasMoreThan(0, connection, expired.get(newest));
    if (newest > 0 || hasRows) {
      LocalDateTime end = Objects.requireNonNull(expired.get(newest).end());
      DroppedDays.before(connection, table.feed(), end.toLocalDate());
    }
    if (newest > 0) {
      table.drop(connection, expired.subList(0, newest));
      LOG.info("Dropped {} of {}", names(expired.subList(0, newest)), table.name());
    }
    if (hasRows) {
      table.truncate(connection, expired.get(newest));
      LOG.info("Emptied {} of {}", expired.get(newest).name(), table.name());
    }
  }

  /** Returns the time of the database, which is the same for all nodes. */
  private static LocalDateTime now(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT UTC_TIMESTAMP(3)")) {
      row.next();
      return row.getObject(1, LocalDateTime.class);
    }
  }

  private static String names(List<Partition> partitions) {
    String first = partitions.get(0).name();
    int count = partitions.size();
    return count == 1 ? first : "%s to %s".formatted(first, partitions.get(count - 1).name());
  }
}
