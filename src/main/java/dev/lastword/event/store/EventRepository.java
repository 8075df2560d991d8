package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;

/** Writes table {@code event_log}. */
@Singleton
class EventRepository {
  private final JdbcOperations jdbc;

  EventRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the time of the database. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  LocalDateTime now() {
    return Select.now(jdbc);
  }

  /**
   * Inserts events.
   *
   * @param others the keys of counts whose events are counted together
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void insert(List<PendingEvent> pendingEvents, Set<DailyTopics.Key> others) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO event_log
          (bucket, id, occurred_at, tenant_id, topic, event_id, source, user_id, session_id, level, value, message,
           payload, in_other, received_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        """,
        statement -> {
          for (PendingEvent pending : pendingEvents) {
            Event event = pending.event();
            statement.setInt(1, event.key().bucket());
            statement.setLong(2, event.id());
            statement.setObject(3, pending.at());
            statement.setInt(4, event.key().tenantId());
            statement.setString(5, event.key().topic());
            statement.setString(6, event.key().eventId());
            statement.setString(7, event.source());
            statement.setString(8, event.userId());
            statement.setString(9, event.sessionId());
            statement.setString(10, event.level());
            statement.setBigDecimal(11, event.value());
            statement.setString(12, event.message());
            statement.setString(13, event.payload());
            statement.setBoolean(14, others.contains(pending.countKey(pending.at())));
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
