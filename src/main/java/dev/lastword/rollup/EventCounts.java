package dev.lastword.rollup;

import dev.lastword.row.Update;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes table {@code daily_event}. */
@Singleton
class EventCounts {

  private record Daily(int tenantId, LocalDate day, String topic) {
    static final Comparator<Daily> ORDER =
        Comparator.comparingInt(Daily::tenantId)
            .thenComparing(Daily::day)
            .thenComparing(Daily::topic);
  }

  private final JdbcOperations jdbc;

  EventCounts(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds events to their counts. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void add(List<LoggedRow> events) {
    add(sum(events, 1));
  }

  /** Subtracts events from their counts. A topic without events is not counted as 0. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void subtract(List<LoggedRow> events) {
    Map<Daily, Long> counts = sum(events, -1);
    add(counts);
    Update.batch(
        jdbc,
        "DELETE FROM daily_event WHERE tenant_id = ? AND day = ? AND topic = ? AND events = 0",
        counts.keySet().stream()
            .map(key -> List.of(key.tenantId(), key.day(), key.topic()))
            .toList());
  }

  private static Map<Daily, Long> sum(List<LoggedRow> events, long sign) {
    Map<Daily, Long> counts = new TreeMap<>(Daily.ORDER);
    for (LoggedRow row : events) {
      counts.merge(new Daily(row.tenantId(), row.day(), row.subject()), sign, Long::sum);
    }
    return counts;
  }

  private void add(Map<Daily, Long> counts) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO daily_event (tenant_id, day, topic, events) VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE events = events + VALUES(events)
        """,
        statement -> {
          for (Map.Entry<Daily, Long> count : counts.entrySet()) {
            statement.setInt(1, count.getKey().tenantId());
            statement.setObject(2, count.getKey().day());
            statement.setString(3, count.getKey().topic());
            statement.setLong(4, count.getValue());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  /** Deletes the counts of a day. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(int tenantId, LocalDate day) {
    jdbc.prepareStatement(
        "DELETE FROM daily_event WHERE tenant_id = ? AND day = ?",
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, day);
          return statement.executeUpdate();
        });
  }
}
