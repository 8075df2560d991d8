package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.search.DebounceSettings;
import dev.lastword.search.StagingBacklog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;

/** Reads the totals of a tenant's searches. */
@Singleton
class SearchTotalsReader {

  private final JdbcOperations jdbc;
  private final MeterRegistry meters;
  private final String query;

  SearchTotalsReader(
      @Named("reads") JdbcOperations jdbc, MeterRegistry meters, DebounceSettings settings) {
    this.jdbc = jdbc;
    this.meters = meters;
    this.query =
        """
        SELECT backlog.*, logged.*, (SELECT locked_by FROM shedlock WHERE name = 'promotion') AS promoter
        FROM (%s) AS backlog
        CROSS JOIN (
          SELECT SUM(searches) AS searches, SUM(keystrokes) AS keystrokes
          FROM hourly_search WHERE tenant_id = ?
        ) AS logged
        """
            .formatted(StagingBacklog.query(settings.debounce(), StagingBacklog.OF_TENANT));
  }

  @Connectable("reads")
  SearchTotals read(Caller caller) {
    return jdbc.prepareStatement(
        query,
        statement -> {
          statement.setInt(1, caller.tenantId());
          statement.setInt(2, caller.tenantId());
          try (ResultSet row = statement.executeQuery()) {
            row.next();
            StagingBacklog backlog = StagingBacklog.read(row);
            return new SearchTotals(
                backlog.staged(),
                backlog.oldest(),
                backlog.newest(),
                backlog.lag().toMillis(),
                caller.isOperator() ? row.getString("promoter") : null,
                row.getLong("searches"),
                row.getLong("keystrokes"),
                caller.isOperator() ? NodeTotals.read(meters) : null);
          }
        });
  }
}
