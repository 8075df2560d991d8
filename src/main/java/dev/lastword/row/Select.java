package dev.lastword.row;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs queries whose number of parameters is known at run time only. */
public final class Select {

  /** Reads the current row of a result. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Receives the rows of a result. */
  public interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  private Select() {}

  /** Returns the rows of a query. */
  public static <T> List<T> list(
      JdbcOperations jdbc, String sql, List<?> values, RowReader<T> reader) {
    List<T> found = new ArrayList<>();
    forEach(jdbc, sql, values, row -> found.add(reader.read(row)));
    return found;
  }

  /** Passes each row of a query. */
  public static void forEach(JdbcOperations jdbc, String sql, List<?> values, RowAction action) {
    jdbc.<Boolean>prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
          }
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              action.accept(rows);
            }
          }
          return true;
        });
  }

  /** Returns the time of the database. */
  public static LocalDateTime now(JdbcOperations jdbc) {
    return list(
            jdbc,
            "SELECT UTC_TIMESTAMP(3)",
            List.of(),
            row -> row.getObject(1, LocalDateTime.class))
        .get(0);
  }

  /** Returns this number of placeholders, as in {@code IN (?,?,?)}. */
  public static String placeholders(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }

  /** Escapes a text for {@code LIKE ? ESCAPE '|'}, so that it has no wildcards. */
  public static String literally(String text) {
    // Not with a backslash, which escapes only in some modes of the server.
    return text.replaceAll("[|%_]", "|$0");
  }
}
