package dev.lastword.stats;

import dev.lastword.stats.TopEventsController.Topic;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** Reads the most frequent topics from {@code daily_event}. */
@Singleton
class TopEventsReader {

  private final JdbcOperations jdbc;

  TopEventsReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  List<Topic> read(int tenantId, Days days, int limit) {
    return jdbc.prepareStatement(
        """
        SELECT topic, SUM(events) AS events FROM daily_event
        WHERE tenant_id = ? AND day >= ? AND day <= ?
        GROUP BY topic
        ORDER BY events DESC, topic
        LIMIT ?
        """,
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, days.first());
          statement.setObject(3, days.last());
          statement.setInt(4, limit);
          List<Topic> topics = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              topics.add(new Topic(rows.getString("topic"), rows.getLong("events")));
            }
          }
          return topics;
        });
  }
}
