package dev.lastword.search;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import java.sql.ResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many rows are staged, and how long the oldest aged one has waited for its promotion. Read
 * from the database every ten seconds, not at every look at the metrics: the answer takes a scan.
 */
@Context
class StagingGauges {
  private static final Logger LOG = LoggerFactory.getLogger(StagingGauges.class);

  private final JdbcOperations jdbc;
  private final DebounceSettings settings;
  private volatile double staged = Double.NaN;
  private volatile double backlogSeconds = Double.NaN;
  private volatile double refused = Double.NaN;

  StagingGauges(JdbcOperations jdbc, DebounceSettings settings, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.settings = settings;
    Gauge.builder("lastword.staging.rows", this, gauges -> gauges.staged)
        .description("sessions that are typing now")
        .register(registry);
    Gauge.builder("lastword.staging.backlog", this, gauges -> gauges.backlogSeconds)
        .description("how long the oldest aged row has waited for its promotion")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("lastword.staging.refused", this, gauges -> gauges.refused)
        .description("staged rows that cannot be logged")
        .register(registry);
  }

  @Scheduled(fixedDelay = "10s")
  void refresh() {
    try {
      read();
    } catch (RuntimeException e) {
      staged = Double.NaN;
      backlogSeconds = Double.NaN;
      refused = Double.NaN;
      LOG.debug("No look at staging: {}", e.toString());
    }
  }

  @Connectable
  void read() {
    jdbc.prepareStatement(
        """
        SELECT COUNT(*), GREATEST(0, COALESCE(
          TIMESTAMPDIFF(MICROSECOND, MIN(IF(refused IS NULL, last_seen, NULL)), UTC_TIMESTAMP(3)) - ?, 0)) / 1000000,
          COUNT(refused)
        FROM search_staging
        WHERE bucket < 64
        """,
        statement -> {
          statement.setLong(1, settings.debounceMicros());
          ResultSet row = statement.executeQuery();
          row.next();
          staged = row.getLong(1);
          backlogSeconds = row.getDouble(2);
          refused = row.getLong(3);
          return row;
        });
  }
}
