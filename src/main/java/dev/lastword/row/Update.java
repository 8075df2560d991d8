package dev.lastword.row;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs statements that change rows. */
public final class Update {

  private Update() {}

  /** Returns the number of changed rows. */
  public static int run(JdbcOperations jdbc, String sql, @Nullable Object... values) {
    return jdbc.<Integer>prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
          }
          return statement.executeUpdate();
        });
  }

  /**
   * Runs a statement once for each list of values, in one batch.
   *
   * @return the number of changed rows of each
   */
  public static int[] batch(
      JdbcOperations jdbc, String sql, List<? extends List<? extends @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return new int[0];
    }
    return jdbc.prepareStatement(
        sql,
        statement -> {
          for (List<? extends @Nullable Object> values : rows) {
            for (int i = 0; i < values.size(); i++) {
              statement.setObject(i + 1, values.get(i));
            }
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
