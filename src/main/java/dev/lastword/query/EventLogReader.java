package dev.lastword.query;

import dev.lastword.row.Timestamps;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code event_log}. */
@Singleton
public class EventLogReader extends LogReader<LoggedEvent> {

  private static final String COLUMNS =
      "id, event_id, topic, occurred_at, received_at, source, user_id, session_id, level, value";
  private static final Map<String, String> TEXTS =
      Map.of("message", "message", "payload", "CONVERT(payload USING utf8mb4)");

  EventLogReader(@Named("reads") JdbcOperations jdbc) {
    super(jdbc, "event_log", "occurred_at", COLUMNS, TEXTS);
  }

  @Override
  LoggedEvent read(ResultSet row) throws SQLException {
    String topic = row.getString("topic");
    Instant occurredAt = Timestamps.read(row, "occurred_at");
    String source = row.getString("source");
    String payload = row.getString("payload");
    return new LoggedEvent(
        row.getString("id"),
        row.getString("event_id"),
        topic,
        topic,
        occurredAt,
        occurredAt,
        Timestamps.read(row, "received_at"),
        source,
        source,
        row.getString("user_id"),
        row.getString("session_id"),
        row.getString("level"),
        plain(row.getBigDecimal("value")),
        row.getString("message"),
        payload == null ? null : new StoredJson(payload));
  }

  /** Returns the value without the trailing zeros of the column. */
  private static @Nullable BigDecimal plain(@Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    BigDecimal shortest = value.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
