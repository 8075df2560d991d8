package dev.lastword.rollup;

import dev.lastword.database.SchemaVersion;
import dev.lastword.row.Update;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the counts of days that are older than setting {@code lastword.count-retention}, by whole
 * months, and forgets users who are left in no count. Counts are kept forever by default, and never
 * shorter than the logs, so the rows of these days are gone.
 *
 * <p>Answers about these days end before the first count is deleted, so none is incomplete.
 */
@Singleton
class CountRetention {
  private static final Logger LOG = LoggerFactory.getLogger(CountRetention.class);
  private static final int CHUNK = 2_000;
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(10);

  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;
  private final RollupHead head;
  private final RollupProgress progress;
  private final CountedDays days;
  private final ActiveUsers users;
  private final SchemaVersion schema;
  private final @Nullable Duration kept;

  CountRetention(
      JdbcOperations jdbc,
      TransactionOperations<Connection> transactions,
      RollupHead head,
      RollupProgress progress,
      CountedDays days,
      ActiveUsers users,
      SchemaVersion schema,
      @Property(name = "lastword.count-retention") @Nullable Duration kept) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.head = head;
    this.progress = progress;
    this.days = days;
    this.users = users;
    this.schema = schema;
    this.kept = kept;
  }

  @Scheduled(fixedDelay = "10m", initialDelay = "1m")
  @SchedulerLock(name = "count-retention", lockAtMostFor = "10m")
  void run() {
    if (kept == null) {
      return;
    }
    try {
      schema.requireKnown();
      drop(kept, System.nanoTime() + LONGEST_RUN.toNanos());
    } catch (RuntimeException e) {
      LOG.warn("Cannot delete counts whose retention is over, will retry: {}", e.toString());
    }
  }

  /**
   * Users come first, and the counts that are looked for last, so that a run which was interrupted
   * is repeated.
   */
  private void drop(Duration kept, long deadline) {
    LocalDate month = progress.read().now().minus(kept).toLocalDate().withDayOfMonth(1);
    Set<Integer> tenants = transactions.executeRead(status -> days.tenantsCountedBefore(month));
    if (tenants.isEmpty()) {
      return;
    }
    transactions.executeWrite(
        status -> {
          DroppedDays.countsBefore(status.getConnection(), month);
          return null;
        });
    long rows =
        delete(deadline, "DELETE FROM active_user WHERE day < ? LIMIT %d".formatted(CHUNK), month);
    long forgotten = 0;
    for (int tenant : tenants) {
      forgotten += forget(tenant, deadline);
    }
    for (int tenant : tenants) {
      for (CountedDays.Table table : CountedDays.COUNTS) {
        rows +=
            delete(
                deadline,
                "DELETE FROM %s WHERE tenant_id = ? AND %s < ? LIMIT %d"
                    .formatted(table.name(), table.time(), CHUNK),
                tenant,
                month);
      }
    }
    LOG.info(
        "Deleted counts of days before {}: {} rows, and {} users without any",
        month,
        rows,
        forgotten);
  }

  private long delete(long deadline, String sql, Object... values) {
    long all = 0;
    int deleted = CHUNK;
    while (deleted == CHUNK && System.nanoTime() - deadline < 0) {
      deleted = transactions.<Integer>executeWrite(status -> Update.run(jdbc, sql, values));
      all += deleted;
    }
    return all;
  }

  private long forget(int tenantId, long deadline) {
    long forgotten = 0;
    int chunks = transactions.<Integer>executeRead(status -> users.chunks(tenantId));
    int chunk = 0;
    while (chunk < chunks && System.nanoTime() - deadline < 0) {
      int next = chunk;
      int users =
          transactions.<Integer>executeWrite(
              status -> head.tryLock() == null ? -1 : this.users.forgetInactive(tenantId, next));
      if (users < 0) {
        LockSupport.parkNanos(RETRY);
      } else {
        forgotten += users;
        chunk++;
      }
    }
    return forgotten;
  }
}
