package dev.lastword.query;

import dev.lastword.row.Timestamps;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/** Reads {@code search_log}. */
@Singleton
public class SearchReader extends LogReader<LoggedSearch> {

  private static final String COLUMNS =
      "id, keyword, session_id, user_id, submitted, keystrokes, typed_at, searched_at, revision, amended_at";

  SearchReader(@Named("reads") JdbcOperations jdbc) {
    super(jdbc, "search_log", "searched_at", COLUMNS, Map.of());
  }

  @Override
  LoggedSearch read(ResultSet row) throws SQLException {
    return new LoggedSearch(
        row.getString("id"),
        row.getString("keyword"),
        row.getString("session_id"),
        row.getString("user_id"),
        row.getBoolean("submitted"),
        row.getInt("keystrokes"),
        Timestamps.readNullable(row, "typed_at"),
        Timestamps.read(row, "searched_at"),
        row.getInt("revision"),
        Timestamps.readNullable(row, "amended_at"));
  }
}
