package dev.lastword.ops;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A check of {@link Doctor}. */
interface Check {

  Finding run(Connection connection) throws SQLException;

  /** Maps a row of a result. */
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  static <T> List<T> query(Connection connection, String sql, RowMapper<T> mapper)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(mapper.map(result));
      }
      return rows;
    }
  }

  /** Returns the only value of the only row. */
  static String text(Connection connection, String sql) throws SQLException {
    return query(connection, sql, row -> row.getString(1)).get(0);
  }
}
