package dev.lastword.daily;

import dev.lastword.row.Bucket;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Corrects the events and values in {@code daily_topic} from the log, while events are added.
 *
 * <p>Ingest changes counts and log in one transaction, so their difference in a snapshot is the
 * error, however many events are added meanwhile. It is added to the counts as they are then.
 * Duplicates and rejected events are not in the log and stay as they are.
 */
@Singleton
public class TopicRecount {
  private static final DefaultTransactionDefinition SNAPSHOT = new DefaultTransactionDefinition();

  static {
    SNAPSHOT.setIsolationLevel(TransactionDefinition.Isolation.REPEATABLE_READ);
  }

  /** A row whose counts are wrong. */
  private record Error(DailyTopics.Key key, ValueSummary counted, ValueSummary logged) {}

  private final JdbcOperations jdbc;
  private final DailyTopics topics;
  private final TransactionOperations<Connection> transactions;

  TopicRecount(
      JdbcOperations jdbc, DailyTopics topics, TransactionOperations<Connection> transactions) {
    this.jdbc = jdbc;
    this.topics = topics;
    this.transactions = transactions;
  }

  /** Corrects the counts of a day. Each of its rows must be in the log. */
  public void day(int tenantId, LocalDate day) {
    List<Error> errors = transactions.execute(SNAPSHOT, status -> errors(tenantId, day));
    if (!errors.isEmpty()) {
      transactions.executeWrite(
          status -> {
            topics.add(errors.stream().map(TopicRecount::difference).toList());
            correctExtremes(errors);
            return null;
          });
    }
  }

  /**
   * Subtracts events from their counts, in the transaction that has deleted them from the log.
   *
   * <p>Minimum and maximum are read from the log if a deleted event may have had them. That comes
   * first, so that ingest does not wait for it.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void subtract(Map<DailyTopics.Key, ValueSummary> deleted) {
    List<Error> wrong = new ArrayList<>();
    deleted.forEach(
        (key, events) -> {
          ValueSummary counted = counted(key);
          if (events.values() > 0 && !isBeyond(counted, events)) {
            wrong.add(new Error(key, counted, logged(key)));
          }
        });
    topics.add(
        deleted.entrySet().stream()
            .map(count -> new DailyTopics.Sum(count.getKey(), count.getValue().negated(), 0, 0, 0))
            .toList());
    correctExtremes(wrong);
  }

  /** Returns whether minimum and maximum are beyond those of some events with values. */
  private static boolean isBeyond(ValueSummary counted, ValueSummary events) {
    return counted.min() != null
        && counted.max() != null
        && counted.min().compareTo(Objects.requireNonNull(events.min())) < 0
        && counted.max().compareTo(Objects.requireNonNull(events.max())) > 0;
  }

  /** Returns minimum and maximum alone, as {@link #logged(DailyTopics.Key)}. */
  private ValueSummary counted(DailyTopics.Key key) {
    return extremes(
        "SELECT value_min, value_max FROM daily_topic WHERE bucket = ? AND tenant_id = ? AND day = ? AND topic = ?",
        List.of(key.bucket(), key.tenantId(), key.day(), key.topic()));
  }

  private ValueSummary logged(DailyTopics.Key key) {
    return extremes(
        """
        SELECT MIN(value) AS value_min, MAX(value) AS value_max FROM event_log FORCE INDEX (%s)
        WHERE tenant_id = ? AND %s AND occurred_at >= ? AND occurred_at < ? AND bucket & %d = ?
        """
            .formatted(
                CountedTopic.index(key.topic()),
                CountedTopic.condition(key.topic()),
                Bucket.ofCount(Bucket.COUNT - 1)),
        List.of(key.tenantId(), key.topic(), key.day(), key.day().plusDays(1), key.bucket()));
  }

  private ValueSummary extremes(String sql, List<?> values) {
    return Select.list(
            jdbc,
            sql,
            values,
            row ->
                new ValueSummary(
                    0,
                    0,
                    BigDecimal.ZERO,
                    row.getBigDecimal("value_min"),
                    row.getBigDecimal("value_max")))
        .stream()
        .findFirst()
        .orElse(ValueSummary.NONE);
  }

  private List<Error> errors(int tenantId, LocalDate day) {
    Map<DailyTopics.Key, ValueSummary> counted = counted(tenantId, day);
    Map<DailyTopics.Key, ValueSummary> logged = logged(tenantId, day);
    Set<DailyTopics.Key> keys = new HashSet<>(counted.keySet());
    keys.addAll(logged.keySet());
    List<Error> errors = new ArrayList<>();
    for (DailyTopics.Key key : keys) {
      ValueSummary before = counted.getOrDefault(key, ValueSummary.NONE);
      ValueSummary after = logged.getOrDefault(key, ValueSummary.NONE);
      if (!before.isSameAs(after)) {
        errors.add(new Error(key, before, after));
      }
    }
    return errors;
  }

  private Map<DailyTopics.Key, ValueSummary> counted(int tenantId, LocalDate day) {
    return read(
        """
        SELECT bucket AS count_bucket, topic AS counted, events, value_count, value_sum, value_min, value_max
        FROM daily_topic
        WHERE tenant_id = ? AND day = ?
        """,
        tenantId,
        day,
        List.of(day));
  }

  private Map<DailyTopics.Key, ValueSummary> logged(int tenantId, LocalDate day) {
    return read(
        """
        SELECT bucket & %d AS count_bucket, %s AS counted, COUNT(*) AS events, COUNT(value) AS value_count,
               COALESCE(SUM(value), 0) AS value_sum, MIN(value) AS value_min, MAX(value) AS value_max
        FROM event_log FORCE INDEX (newest)
        WHERE tenant_id = ? AND occurred_at >= ? AND occurred_at < ?
        GROUP BY count_bucket, counted
        """
            .formatted(Bucket.ofCount(Bucket.COUNT - 1), CountedTopic.SQL),
        tenantId,
        day,
        List.of(day, day.plusDays(1)));
  }

  private Map<DailyTopics.Key, ValueSummary> read(
      String sql, int tenantId, LocalDate day, List<LocalDate> range) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          statement.setInt(1, tenantId);
          for (int i = 0; i < range.size(); i++) {
            statement.setObject(i + 2, range.get(i));
          }
          Map<DailyTopics.Key, ValueSummary> found = new HashMap<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.put(
                  new DailyTopics.Key(
                      rows.getInt("count_bucket"), tenantId, day, rows.getString("counted")),
                  summary(rows));
            }
          }
          return found;
        });
  }

  private static ValueSummary summary(ResultSet row) throws SQLException {
    return new ValueSummary(
        row.getLong("events"),
        row.getLong("value_count"),
        row.getBigDecimal("value_sum"),
        row.getBigDecimal("value_min"),
        row.getBigDecimal("value_max"));
  }

  private static DailyTopics.Sum difference(Error error) {
    ValueSummary counted = error.counted;
    ValueSummary logged = error.logged;
    return new DailyTopics.Sum(
        error.key,
        new ValueSummary(
            logged.events() - counted.events(),
            logged.values() - counted.values(),
            logged.sum().subtract(counted.sum()),
            null,
            null),
        0,
        0,
        0);
  }

  /** Replaces minimum and maximum, unless an event that was added meanwhile has changed them. */
  private void correctExtremes(List<Error> errors) {
    jdbc.<int[]>prepareStatement(
        """
        UPDATE daily_topic
        SET value_min = IF(value_min <=> ?, ?, COALESCE(LEAST(value_min, ?), value_min)),
            value_max = IF(value_max <=> ?, ?, COALESCE(GREATEST(value_max, ?), value_max))
        WHERE bucket = ? AND tenant_id = ? AND day = ? AND topic = ?
        """,
        statement -> {
          for (Error error : errors) {
            statement.setBigDecimal(1, error.counted.min());
            statement.setBigDecimal(2, error.logged.min());
            statement.setBigDecimal(3, error.logged.min());
            statement.setBigDecimal(4, error.counted.max());
            statement.setBigDecimal(5, error.logged.max());
            statement.setBigDecimal(6, error.logged.max());
            statement.setInt(7, error.key.bucket());
            statement.setInt(8, error.key.tenantId());
            statement.setObject(9, error.key.day());
            statement.setString(10, error.key.topic());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
