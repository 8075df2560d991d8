package dev.lastword.event;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.javacrumbs.shedlock.micronaut.SchedulerLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes keys of events that are older than the dedup window, and requests with an idempotency key
 * that are older than a day.
 *
 * <p>The keys are found by a plain read of an index that holds the oldest first, then deleted by
 * primary key, a few hundred in a transaction: a DELETE with the condition itself would lock what
 * it passes, and meet the writers.
 */
@Singleton
class Forgetting {
  private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
  private static final int CHUNK = 2_000;
  // Milliseconds come before 22 bits of an id.
  private static final String OLD = "id < ((FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000) - ?) << 22)";
  // A transaction touches buckets of one shard only, of two, four or eight.
  private static final int SHARD_MASK = 7;

  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;
  private final Duration window;

  Forgetting(
      JdbcOperations jdbc, TransactionOperations<Connection> transactions, DedupSettings settings) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.window = settings.dedupWindow();
  }

  @Scheduled(fixedDelay = "10m", initialDelay = "10m")
  @SchedulerLock(name = "forgetting", lockAtMostFor = "10m")
  void run() {
    try {
      int keys = all(this::forgetEvents);
      int requests = all(this::forgetRequests);
      LOG.debug("Forgot {} keys of events, {} of requests", keys, requests);
    } catch (RuntimeException e) {
      LOG.warn("Old keys are not deleted, will try again: {}", e.toString());
    }
  }

  private interface Step {
    int run();
  }

  private static int all(Step step) {
    int sum = 0;
    int deleted;
    do {
      deleted = step.run();
      sum += deleted;
    } while (deleted == CHUNK);
    return sum;
  }

  private int forgetEvents() {
    List<EventKey> old =
        transactions.executeRead(
            status ->
                jdbc.prepareStatement(
                    """
                    SELECT bucket, tenant_id, topic, event_id FROM event_key FORCE INDEX (by_age)
                    WHERE %s
                    ORDER BY id
                    LIMIT ?
                    """
                        .formatted(OLD),
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
                    }));
    Collection<List<EventKey>> shards =
        old.stream()
            .sorted()
            .collect(
                Collectors.groupingBy(
                    key -> key.bucket() & SHARD_MASK, TreeMap::new, Collectors.toList()))
            .values();
    for (List<EventKey> keys : shards) {
      transactions.executeWrite(status -> deleteEvents(keys));
    }
    return old.size();
  }

  /** Not one that was deleted and stored again since it was found: it is young. */
  private int[] deleteEvents(List<EventKey> keys) {
    return jdbc.prepareStatement(
        """
        DELETE FROM event_key WHERE bucket = ? AND tenant_id = ? AND topic = ? AND event_id = ? AND %s
        """
            .formatted(OLD),
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

  private int forgetRequests() {
    List<IdempotencyKeys.Name> old =
        transactions.executeRead(
            status ->
                jdbc.prepareStatement(
                    """
                    SELECT bucket, tenant_id, idem_key FROM idempotency_key FORCE INDEX (by_age)
                    WHERE started_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
                    ORDER BY started_at
                    LIMIT ?
                    """,
                    statement -> {
                      statement.setLong(1, IdempotencyKeys.KEPT.toSeconds());
                      statement.setInt(2, CHUNK);
                      List<IdempotencyKeys.Name> names = new ArrayList<>();
                      try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                          names.add(
                              new IdempotencyKeys.Name(
                                  rows.getInt("bucket"),
                                  rows.getInt("tenant_id"),
                                  rows.getString("idem_key")));
                        }
                      }
                      return names;
                    }));
    Collection<List<IdempotencyKeys.Name>> shards =
        old.stream()
            .collect(
                Collectors.groupingBy(
                    name -> name.bucket() & SHARD_MASK, TreeMap::new, Collectors.toList()))
            .values();
    for (List<IdempotencyKeys.Name> names : shards) {
      transactions.executeWrite(status -> deleteRequests(names));
    }
    return old.size();
  }

  /** Not one that was taken over since it was found: it is young again. */
  private int[] deleteRequests(List<IdempotencyKeys.Name> names) {
    return jdbc.prepareStatement(
        """
        DELETE FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND started_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
        """,
        statement -> {
          for (IdempotencyKeys.Name name : names) {
            statement.setInt(1, name.bucket());
            statement.setInt(2, name.tenantId());
            statement.setString(3, name.key());
            statement.setLong(4, IdempotencyKeys.KEPT.toSeconds());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
