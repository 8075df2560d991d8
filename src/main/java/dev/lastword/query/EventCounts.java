package dev.lastword.query;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code daily_topic}: some rows for each day and topic, whatever the number of events. */
@Singleton
class EventCounts {

  private final JdbcOperations jdbc;

  EventCounts(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable
  long stored(int tenantId, @Nullable String topic, @Nullable String from, @Nullable String to) {
    LocalDate first = from == null ? null : Moments.day("from", from);
    LocalDate end = to == null ? null : Moments.day("to", to);
    LogFilter.require(
        first == null || end == null || !first.isAfter(end), "from must not be later than to.");
    List<Object> values = new ArrayList<>();
    String where =
        new Conditions("PRIMARY", tenantId)
            .key("topic = ?", topic)
            .key("day >= ?", first)
            .key("day < ?", end)
            .keys(values);
    return jdbc.prepareStatement(
        "SELECT SUM(events) FROM daily_topic WHERE " + where,
        statement -> {
          for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
          }
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getLong(1);
        });
  }
}
