package dev.lastword.event.store;

import dev.lastword.row.Bucket;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes keys of events that are older than the dedup window: reads the oldest from an index, then
 * deletes them by primary key. A DELETE with the condition itself would lock the rows that it
 * scans, and block writers.
 */
@Singleton
class EventKeyCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(EventKeyCleanup.class);
  private static final int CHUNK = 2_000;
  // An id has milliseconds above its lowest 22 bits.
  private static final String EXPIRED = "id < ((FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000) - ?) << 22)";

  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;
  private final Duration window;

  EventKeyCleanup(
      JdbcOperations jdbc, TransactionOperations<Connection> transactions, DedupSettings settings) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.window = settings.dedupWindow();
  }

  @Scheduled(fixedDelay = "10m", initialDelay = "10m")
  @SchedulerLock(name = "event-key-cleanup", lockAtMostFor = "10m")
  void run() {
    try {
      List<EventKey> expired;
      do {
        expired = transactions.executeRead(status -> expired());
        Collections.sort(expired);
        for (List<EventKey> keys : Bucket.byShard(expired, EventKey::bucket)) {
          transactions.executeWrite(status -> delete(keys));
        }
      } while (expired.size() == CHUNK);
    } catch (RuntimeException e) {
      LOG.warn("Cannot delete expired keys of events, will retry: {}", e.toString());
    }
  }

  private List<EventKey> expired() {
    return jdbc.prepareStatement(
        """
        SELECT bucket, tenant_id, topic, event_id FROM event_key FORCE INDEX (by_age)
        WHERE %s
        ORDER BY id
        LIMIT ?
        """
            .formatted(EXPIRED),
        statement -> {
          statement.setLong(1, window.toMillis());
          statement.setInt(2, CHUNK);
          List<EventKey> keys = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              keys.add(
                  new EventKey(
                      rows.getInt("bucket"),
                      rows.getInt("tenant_id"),
                      rows.getString("topic"),
                      rows.getString("event_id")));
            }
          }
          return keys;
        });
  }

  /** Keeps a key that was deleted and stored again since it was read. */
  private int[] delete(List<EventKey> keys) {
    return jdbc.prepareStatement(
        """
        DELETE FROM event_key WHERE bucket = ? AND tenant_id = ? AND topic = ? AND event_id = ? AND %s
        """
            .formatted(EXPIRED),
        statement -> {
          for (EventKey key : keys) {
            statement.setInt(1, key.bucket());
            statement.setInt(2, key.tenantId());
            statement.setString(3, key.topic());
            statement.setString(4, key.eventId());
            statement.setLong(5, window.toMillis());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
