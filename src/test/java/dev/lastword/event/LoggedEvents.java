package dev.lastword.event;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the tables of events by plain SQL. */
@Singleton
public final class LoggedEvents {

  private final String url;

  public LoggedEvents(@Value("${lastword.db.url}") String url) {
    this.url = url;
  }

  /** Returns the events of a topic, in the order of their ids. */
  public List<Map<String, @Nullable String>> ofTopic(String topic) {
    return rows("SELECT * FROM event_log WHERE topic = ? ORDER BY id", topic);
  }

  public long number(String sql, Object... values) {
    return Long.parseLong(String.valueOf(rows(sql, values).get(0).values().iterator().next()));
  }

  public List<Map<String, @Nullable String>> rows(String sql, Object... values) {
    try (var connection = connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<Map<String, @Nullable String>> found = new ArrayList<>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          Map<String, @Nullable String> row = new LinkedHashMap<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            row.put(rows.getMetaData().getColumnLabel(i), rows.getString(i));
          }
          found.add(row);
        }
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  public void execute(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
