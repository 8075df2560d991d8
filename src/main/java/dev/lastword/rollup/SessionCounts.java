package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.rollup.RollupHead.Locked;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps table {@code daily_session}: the number of sessions that searched on a day.
 *
 * <p>Only the log knows whether a session has searched on the same day before. So the rollup does
 * not add to these counts, but deletes those of the days that it counts, and they are counted from
 * the log when their day is over. Both happen under the lock of {@link RollupHead}: whatever is
 * logged after a day was counted here, is passed by the rollup later.
 */
@Singleton
public class SessionCounts {

  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(5);

  private record TenantDay(int tenantId, LocalDate day) {}

  private final JdbcOperations jdbc;
  private final RollupHead head;
  private final TransactionOperations<Connection> transactions;

  SessionCounts(
      JdbcOperations jdbc, RollupHead head, TransactionOperations<Connection> transactions) {
    this.jdbc = jdbc;
    this.head = head;
    this.transactions = transactions;
  }

  /**
   * Counts days that are over and were not counted since their last search, newest first.
   *
   * @param nanos how long to go on
   * @return whether all days are counted
   */
  public boolean complete(long nanos) {
    long start = System.nanoTime();
    TenantDay next = transactions.executeRead(status -> newestMissing());
    while (next != null && System.nanoTime() - start < nanos) {
      TenantDay day = next;
      if (!transactions.executeWrite(status -> count(day))) {
        LockSupport.parkNanos(RETRY);
      }
      next = transactions.executeRead(status -> newestMissing());
    }
    return next == null;
  }

  private @Nullable TenantDay newestMissing() {
    List<TenantDay> missing =
        Select.list(
            jdbc,
            """
            SELECT h.tenant_id, h.day
            FROM (SELECT DISTINCT tenant_id, DATE(hour) AS day FROM hourly_search) AS h
            JOIN rollup_head r ON r.feed = ? AND h.day >= COALESCE(r.log_since, h.day)
            LEFT JOIN daily_session s ON s.tenant_id = h.tenant_id AND s.day = h.day
            WHERE s.day IS NULL AND h.day < UTC_DATE()
            ORDER BY h.day DESC, h.tenant_id
            LIMIT 1
            """,
            List.of(Feed.SEARCHES.number()),
            row -> new TenantDay(row.getInt("tenant_id"), row.getObject("day", LocalDate.class)));
    return missing.isEmpty() ? null : missing.get(0);
  }

  /** Returns false if another transaction holds the lock. */
  private boolean count(TenantDay next) {
    Locked locked = head.tryLock();
    if (locked == null) {
      return false;
    }
    long sessions = logged(jdbc, next.tenantId, next.day);
    jdbc.prepareStatement(
        "INSERT IGNORE INTO daily_session (tenant_id, day, sessions) VALUES (?, ?, ?)",
        statement -> {
          statement.setInt(1, next.tenantId);
          statement.setObject(2, next.day);
          statement.setLong(3, sessions);
          return statement.executeUpdate();
        });
    return true;
  }

  /** Returns the number of sessions on a day, from the log. */
  public static long logged(JdbcOperations jdbc, int tenantId, LocalDate day) {
    return Select.list(
            jdbc,
            """
            SELECT COUNT(DISTINCT session_id) FROM search_log FORCE INDEX (newest)
            WHERE tenant_id = ? AND searched_at >= ? AND searched_at < ?
            """,
            List.of(tenantId, day, day.plusDays(1)),
            row -> row.getLong(1))
        .get(0);
  }

  /** Deletes the counts of the days of searches, except days that retention has dropped. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(List<LoggedRow> searches) {
    searches.stream()
        .map(row -> new TenantDay(row.tenantId(), row.day()))
        .distinct()
        .forEach(changed -> clear(changed.tenantId, changed.day));
  }

  /** Deletes the count of a day, unless retention has dropped the day. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(int tenantId, LocalDate day) {
    jdbc.prepareStatement(
        """
        DELETE FROM daily_session
        WHERE tenant_id = ? AND day = ? AND day >= COALESCE((SELECT log_since FROM rollup_head WHERE feed = ?), day)
        """,
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, day);
          statement.setInt(3, Feed.SEARCHES.number());
          return statement.executeUpdate();
        });
  }
}
