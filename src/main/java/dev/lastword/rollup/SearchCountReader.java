package dev.lastword.rollup;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Reads the number of searches from {@code hourly_search}. */
@Singleton
public class SearchCountReader {
  // DATETIME ends there.
  private static final LocalDate LATEST = LocalDate.of(9999, 12, 31);

  private final JdbcOperations jdbc;

  SearchCountReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param from the first day to count, null for no limit
   * @param to the day after the last one to count, null for no limit
   */
  @Connectable("reads")
  public long searches(int tenantId, @Nullable LocalDate from, @Nullable LocalDate to) {
    return jdbc.prepareStatement(
        "SELECT SUM(searches) FROM hourly_search WHERE tenant_id = ? AND hour >= ? AND hour < ?",
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, from == null ? LocalDate.EPOCH : from);
          statement.setObject(3, to == null ? LATEST : to);
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getLong(1);
        });
  }
}
