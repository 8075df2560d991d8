package dev.lastword.idempotency;

import dev.lastword.row.Bucket;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes idempotency keys after {@link IdempotencyKeys#KEPT}: reads the oldest from an index, then
 * deletes them by primary key. A DELETE with the condition itself would lock the rows that it
 * scans, and block requests.
 */
@Singleton
class IdempotencyKeyCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeyCleanup.class);
  private static final int CHUNK = 2_000;

  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;

  IdempotencyKeyCleanup(JdbcOperations jdbc, TransactionOperations<Connection> transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  @Scheduled(fixedDelay = "10m", initialDelay = "10m")
  @SchedulerLock(name = "idempotency-key-cleanup", lockAtMostFor = "10m")
  void run() {
    try {
      List<IdempotencyKeys.Key> expired;
      do {
        expired = transactions.executeRead(status -> expired());
        for (List<IdempotencyKeys.Key> keys :
            Bucket.byShard(expired, IdempotencyKeys.Key::bucket)) {
          transactions.executeWrite(status -> delete(keys));
        }
      } while (expired.size() == CHUNK);
    } catch (RuntimeException e) {
      LOG.warn("Cannot delete expired idempotency keys, will retry: {}", e.toString());
    }
  }

  private List<IdempotencyKeys.Key> expired() {
    return jdbc.prepareStatement(
        """
        SELECT bucket, tenant_id, idem_key FROM idempotency_key FORCE INDEX (by_age)
        WHERE started_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
        ORDER BY started_at
        LIMIT ?
        """,
        statement -> {
          statement.setLong(1, IdempotencyKeys.KEPT.toSeconds());
          statement.setInt(2, CHUNK);
          List<IdempotencyKeys.Key> keys = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              keys.add(
                  new IdempotencyKeys.Key(
                      rows.getInt("bucket"), rows.getInt("tenant_id"), rows.getString("idem_key")));
            }
          }
          return keys;
        });
  }

  /** Keeps a key that another request has taken over since it was read. */
  private int[] delete(List<IdempotencyKeys.Key> keys) {
    return jdbc.prepareStatement(
        """
        DELETE FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND started_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
        """,
        statement -> {
          for (IdempotencyKeys.Key key : keys) {
            statement.setInt(1, key.bucket());
            statement.setInt(2, key.tenantId());
            statement.setString(3, key.key());
            statement.setLong(4, IdempotencyKeys.KEPT.toSeconds());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
