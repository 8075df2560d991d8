package dev.lastword.daily;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the number of events from {@code daily_topic}. */
@Singleton
public class DailyCounts {

  private final JdbcOperations jdbc;

  DailyCounts(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param topic null for all
   * @param from the first day to count, null for no limit
   * @param to the day after the last one to count, null for no limit
   */
  @Connectable("reads")
  public long events(
      int tenantId, @Nullable String topic, @Nullable LocalDate from, @Nullable LocalDate to) {
    StringBuilder sql =
        new StringBuilder("SELECT SUM(events) FROM daily_topic WHERE tenant_id = ?");
    List<Object> values = new ArrayList<>(List.of(tenantId));
    add(sql, values, " AND topic = ?", topic);
    add(sql, values, " AND day >= ?", from);
    add(sql, values, " AND day < ?", to);
    return jdbc.prepareStatement(
        sql.toString(),
        statement -> {
          for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
          }
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getLong(1);
        });
  }

  private static void add(
      StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(condition);
      values.add(value);
    }
  }
}
