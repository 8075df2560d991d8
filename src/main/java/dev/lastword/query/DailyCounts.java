package dev.lastword.query;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code daily_topic} and {@code daily_search}: how much there is, without a look at the
 * logs.
 */
@Singleton
class DailyCounts {

  private final JdbcOperations jdbc;

  DailyCounts(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  long events(int tenantId, @Nullable String topic, Days days) {
    return sum("daily_topic", "events", conditions(tenantId, days).key("topic = ?", topic));
  }

  @Connectable("reads")
  long searches(int tenantId, Days days) {
    return sum("daily_search", "searches", conditions(tenantId, days));
  }

  private static Conditions conditions(int tenantId, Days days) {
    return new Conditions("PRIMARY", tenantId)
        .key("day >= ?", days.from())
        .key("day < ?", days.to());
  }

  private long sum(String table, String column, Conditions conditions) {
    List<Object> values = new ArrayList<>();
    String sql =
        "SELECT SUM(%s) FROM %s WHERE %s".formatted(column, table, conditions.keys(values));
    return jdbc.prepareStatement(
        sql,
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
