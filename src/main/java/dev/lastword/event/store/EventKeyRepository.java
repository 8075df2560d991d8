package dev.lastword.event.store;

import dev.lastword.commit.MultiRowStatement;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Table {@code event_key}: the events that are stored. */
@Singleton
class EventKeyRepository {
  private static final MultiRowStatement INSERT =
      new MultiRowStatement(
          """
          INSERT IGNORE INTO event_key (bucket, tenant_id, topic, event_id, id, occurred_at, content)
          VALUES
          """,
          "(?,?,?,?,?,?,?)",
          "");

  private final JdbcOperations jdbc;

  EventKeyRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Inserts the keys that are not there yet.
   *
   * <p>One multi-row statement, because the driver does not report the number of inserted rows of a
   * batch.
   *
   * @param pendingEvents in the order of their keys, each of which fits its columns, because IGNORE
   *     would truncate it
   * @return the number of keys that were inserted
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  int insert(List<PendingEvent> pendingEvents) {
    return jdbc.prepareStatement(
        INSERT.sql(pendingEvents.size()),
        statement -> {
          int parameter = 1;
          for (PendingEvent pending : pendingEvents) {
            Event event = pending.event();
            statement.setInt(parameter++, event.key().bucket());
            statement.setInt(parameter++, event.key().tenantId());
            statement.setString(parameter++, event.key().topic());
            statement.setString(parameter++, event.key().eventId());
            statement.setLong(parameter++, event.id());
            statement.setObject(parameter++, pending.at());
            statement.setLong(parameter++, event.content());
          }
          return statement.executeUpdate();
        });
  }

  /**
   * Reads the rows of these keys.
   *
   * @param keys at least one, in their order
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Map<EventKey, EventKey.Stored> find(List<EventKey> keys) {
    String sql =
        """
        SELECT bucket, tenant_id, topic, event_id, id, occurred_at, content
        FROM event_key FORCE INDEX (PRIMARY)
        WHERE\s
        """
            + EventKey.condition(keys);
    return jdbc.prepareStatement(
        sql,
        statement -> {
          int parameter = 1;
          for (String value : EventKey.parameters(keys)) {
            statement.setString(parameter++, value);
          }
          Map<EventKey, EventKey.Stored> found = new HashMap<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              EventKey.Stored stored = read(rows);
              found.put(stored.key(), stored);
            }
          }
          return found;
        });
  }

  private static EventKey.Stored read(ResultSet row) throws SQLException {
    return new EventKey.Stored(
        new EventKey(
            row.getInt("bucket"),
            row.getInt("tenant_id"),
            row.getString("topic"),
            row.getString("event_id")),
        row.getLong("id"),
        row.getObject("occurred_at", LocalDateTime.class),
        row.getLong("content"));
  }
}
