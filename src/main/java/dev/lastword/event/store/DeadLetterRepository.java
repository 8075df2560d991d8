package dev.lastword.event.store;

import dev.lastword.event.store.EventWrite.DeadLetter;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;

/** Writes table {@code rejected_event}. */
@Singleton
class DeadLetterRepository {
  private static final int MAX_REASON = 255;

  private final JdbcOperations jdbc;

  DeadLetterRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void insert(List<DeadLetter> letters) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO rejected_event (bucket, tenant_id, id, rejected_at, topic, event_id, reason, event)
        VALUES (?, ?, ?, UTC_TIMESTAMP(3), ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE rejected_at = VALUES(rejected_at)
        """,
        statement -> {
          for (DeadLetter letter : letters) {
            Event event = letter.event();
            statement.setInt(1, event.key().bucket());
            statement.setInt(2, event.key().tenantId());
            statement.setLong(3, event.id());
            statement.setString(4, event.key().topic());
            statement.setString(5, event.key().eventId());
            statement.setString(
                6, letter.reason().substring(0, Math.min(MAX_REASON, letter.reason().length())));
            statement.setString(7, EventJson.of(event));
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
