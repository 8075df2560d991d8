package dev.lastword.commit;

import dev.lastword.database.DatabaseError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Finds rows that other transactions have locked. */
public final class LockedRows {

  /**
   * The row of a key.
   *
   * @param where table and condition, such as {@code t WHERE a = ? AND b = ?}
   * @param values of the condition
   */
  public record Row(String where, List<?> values) {}

  private LockedRows() {}

  /**
   * Returns the keys whose rows cannot be locked at once. The others stay locked until the
   * transaction ends.
   *
   * @throws SQLException if the database fails for another reason
   */
  public static Set<Object> find(
      Connection connection, Collection<?> keys, Function<Object, Row> rows) throws SQLException {
    Set<Object> locked = new HashSet<>();
    for (Object key : keys) {
      Row row = rows.apply(key);
      try (var statement =
          connection.prepareStatement("SELECT 1 FROM %s FOR UPDATE NOWAIT".formatted(row.where))) {
        lock(statement, row.values);
      } catch (SQLException e) {
        if (DatabaseError.of(e) != DatabaseError.CONFLICT) {
          throw e;
        }
        locked.add(key);
      }
    }
    return locked;
  }

  private static void lock(PreparedStatement statement, List<?> values) throws SQLException {
    int parameter = 1;
    for (Object value : values) {
      statement.setObject(parameter++, value);
    }
    statement.executeQuery().close();
  }
}
