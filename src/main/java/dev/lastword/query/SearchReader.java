package dev.lastword.query;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code search_log}, newest first. */
@Singleton
class SearchReader {

  private final JdbcOperations jdbc;

  SearchReader(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** The next {@code limit} searches behind {@code after}, or the newest of all. */
  @Connectable
  List<LoggedSearch> newest(SearchFilter filter, @Nullable Cursor after, int limit) {
    List<Object> values = new ArrayList<>();
    String where = filter.where(values);
    if (after != null) {
      where += after.behind(values);
    }
    String sql =
        """
        SELECT id, keyword, session_id, user_id, submitted, keystrokes, typed_at, searched_at
        FROM search_log
        WHERE %s
        ORDER BY searched_at DESC, id DESC
        LIMIT ?
        """
            .formatted(where);
    values.add(limit);
    return jdbc.prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
          }
          List<LoggedSearch> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(search(rows));
            }
          }
          return found;
        });
  }

  private static LoggedSearch search(ResultSet row) throws SQLException {
    LocalDateTime typedAt = row.getObject("typed_at", LocalDateTime.class);
    return new LoggedSearch(
        row.getString("id"),
        row.getString("keyword"),
        row.getString("session_id"),
        row.getString("user_id"),
        row.getBoolean("submitted"),
        row.getInt("keystrokes"),
        typedAt == null ? null : Moments.fromDatabase(typedAt),
        Moments.fromDatabase(row.getObject("searched_at", LocalDateTime.class)));
  }
}
