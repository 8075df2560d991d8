package dev.lastword.lock;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.support.AbstractStorageAccessor;

/**
 * ShedLock's storage in table {@code shedlock}, by the clock of the database.
 *
 * <p>ShedLock 6.7.0's provider for Micronaut compares times of application servers: two nodes whose
 * clocks differ by more than the duration of the lock could both hold it. Here, each step is one
 * statement, and {@code UTC_TIMESTAMP} is the only clock. If that clock was set back, a lock may
 * end later than one that is taken now; then it is void.
 */
@Singleton
class DatabaseTimeLocks extends AbstractStorageAccessor {

  private final JdbcOperations jdbc;
  // A host name alone would not distinguish two nodes on one host, or a node before and after a
  // restart.
  private final String holder =
      "%.200s/%s".formatted(getHostname(), UUID.randomUUID().toString().substring(0, 8));

  DatabaseTimeLocks(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Transactional
  public boolean insertRecord(LockConfiguration lock) {
    return update(
        """
        INSERT IGNORE INTO shedlock (lock_until, locked_at, locked_by, name)
        VALUES (UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, UTC_TIMESTAMP(3), ?, ?)
        """,
        lock.getLockAtMostFor(),
        lock);
  }

  @Override
  @Transactional
  public boolean updateRecord(LockConfiguration lock) {
    return update(
        """
        UPDATE shedlock
        SET lock_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, locked_at = UTC_TIMESTAMP(3), locked_by = ?
        WHERE name = ?
          AND (lock_until <= UTC_TIMESTAMP(3) OR lock_until > UTC_TIMESTAMP(3) + INTERVAL %d MICROSECOND)
        """
            .formatted(micros(lock.getLockAtMostFor())),
        lock.getLockAtMostFor(),
        lock);
  }

  @Override
  @Transactional
  public boolean extend(LockConfiguration lock) {
    return update(
        """
        UPDATE shedlock SET lock_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
        WHERE locked_by = ? AND name = ? AND lock_until > UTC_TIMESTAMP(3)
        """,
        lock.getLockAtMostFor(),
        lock);
  }

  /**
   * Releases the lock if this node still holds it, and leaves it alone if another node has taken it
   * after it expired.
   */
  @Override
  @Transactional
  public void unlock(LockConfiguration lock) {
    update(
        """
        UPDATE shedlock SET lock_until = GREATEST(locked_at + INTERVAL ? MICROSECOND, UTC_TIMESTAMP(3))
        WHERE locked_by = ? AND name = ?
        """,
        lock.getLockAtLeastFor(),
        lock);
  }

  private static long micros(Duration length) {
    return TimeUnit.NANOSECONDS.toMicros(length.toNanos());
  }

  private boolean update(String sql, Duration length, LockConfiguration lock) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          statement.setLong(1, micros(length));
          statement.setString(2, holder);
          statement.setString(3, lock.getName());
          return statement.executeUpdate() > 0;
        });
  }
}
