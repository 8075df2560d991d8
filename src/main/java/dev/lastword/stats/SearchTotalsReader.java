package dev.lastword.stats;

import dev.lastword.row.Timestamps;
import dev.lastword.search.DebounceSettings;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;

/** Reads the totals of a tenant, in one round trip over one connection. */
@Singleton
class SearchTotalsReader {

  private final JdbcOperations jdbc;
  private final NodeTotalsReader node;
  private final long debounceMicros;

  SearchTotalsReader(
      @Named("reads") JdbcOperations jdbc, NodeTotalsReader node, DebounceSettings settings) {
    this.jdbc = jdbc;
    this.node = node;
    this.debounceMicros = settings.debounceMicros();
  }

  /** A submitted row has no window: it waits from its last keystroke on. */
  @Connectable("reads")
  SearchTotals read(int tenantId) {
    return jdbc.prepareStatement(
        """
        SELECT staged, oldest, newest, overdue_micros, searches, keystrokes
        FROM (
          SELECT COUNT(*) AS staged, MIN(last_seen) AS oldest, MAX(last_seen) AS newest,
                 MAX(IF(refused IS NULL,
                   TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) - IF(submitted, 0, ?), NULL)) AS overdue_micros
          FROM search_staging WHERE tenant_id = ?
        ) AS typing
        CROSS JOIN (
          SELECT SUM(searches) AS searches, SUM(keystrokes) AS keystrokes
          FROM daily_search WHERE tenant_id = ?
        ) AS logged
        """,
        statement -> {
          statement.setLong(1, debounceMicros);
          statement.setInt(2, tenantId);
          statement.setInt(3, tenantId);
          try (ResultSet row = statement.executeQuery()) {
            row.next();
            return new SearchTotals(
                row.getLong("staged"),
                Timestamps.readNullable(row, "oldest"),
                Timestamps.readNullable(row, "newest"),
                Math.max(0, row.getLong("overdue_micros") / 1_000),
                row.getLong("searches"),
                row.getLong("keystrokes"),
                node.read());
          }
        });
  }
}
