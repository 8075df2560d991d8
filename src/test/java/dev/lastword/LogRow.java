package dev.lastword;

import dev.lastword.feed.Outbox;
import dev.lastword.row.RowKey;
import dev.lastword.row.Text;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A row of a log, of which a test sets what matters to it. It is only inserted: counts, feeds and
 * ids of events do not know it.
 */
public final class LogRow {
  private static final LocalDateTime MOMENT = LocalDateTime.of(2025, 10, 12, 0, 0);
  private static final AtomicLong IDS = new AtomicLong();

  private final String table;
  private final String timeColumn;
  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

  private LogRow(String table, String timeColumn) {
    this.table = table;
    this.timeColumn = timeColumn;
    id(IDS.incrementAndGet());
    at(MOMENT);
    set("tenant_id", 1);
  }

  /** Returns an anonymous search of session {@code s} that was not submitted. */
  public static LogRow search(String keyword) {
    return new LogRow("search_log", "searched_at")
        .set("session_id", "s")
        .set("keyword", keyword)
        .set("folded", Text.fold(keyword))
        .set("submitted", false)
        .set("keystrokes", keyword.length());
  }

  /** Returns an event with nothing but its topic and an id. */
  public static LogRow event(String topic) {
    return new LogRow("event_log", "occurred_at").set("topic", topic).set("received_at", MOMENT);
  }

  /** Sets the id, one of the 64 buckets, and for an event, the id by which it is known. */
  public LogRow id(long id) {
    if (table.equals("event_log")) {
      set("event_id", "e" + id);
    }
    return set("id", id).set("bucket", id % 64);
  }

  /** Sets when it was searched for or occurred: a LocalDateTime, or the database's text. */
  public LogRow at(Object time) {
    return set(timeColumn, time);
  }

  public LogRow user(@Nullable String user) {
    return set("user_id", user);
  }

  public LogRow session(String session) {
    return set("session_id", session);
  }

  public LogRow tenant(int tenant) {
    return set("tenant_id", tenant);
  }

  public LogRow set(String column, @Nullable Object value) {
    columns.put(column, value);
    return this;
  }

  /** Inserts it into the schema of {@code url}. */
  public void insert(String url) {
    try (Connection connection = DriverManager.getConnection(url)) {
      insert(connection, List.of(this));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Inserts rows of one log in which the same columns are set, in the order of their ids. */
  public static void insert(Connection connection, Collection<LogRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    LogRow first = rows.iterator().next();
    String sql =
        "INSERT INTO %s (%s) VALUES (%s)"
            .formatted(
                first.table,
                String.join(", ", first.columns.keySet()),
                String.join(", ", Collections.nCopies(first.columns.size(), "?")));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (LogRow row : rows) {
        if (!row.table.equals(first.table)
            || !List.copyOf(row.columns.keySet()).equals(List.copyOf(first.columns.keySet()))) {
          throw new IllegalArgumentException("Rows with other columns");
        }
        int parameter = 1;
        for (Object value : row.columns.values()) {
          statement.setObject(parameter++, value);
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Returns the rows for an outbox of the feeds. */
  public static List<Outbox.Row> positions(Collection<LogRow> rows) {
    return rows.stream()
        .map(
            row ->
                new Outbox.Row(
                    new RowKey(
                        ((Number) row.get("bucket")).intValue(),
                        ((Number) row.get("id")).longValue()),
                    (LocalDateTime) row.get(row.timeColumn)))
        .toList();
  }

  private Object get(String column) {
    return Objects.requireNonNull(columns.get(column));
  }
}
