package dev.lastword.search;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of the staging table. They are read from the database every ten seconds, not with each
 * scrape, because the query scans the table.
 */
@Context
class StagingGauges {
  private static final Logger LOG = LoggerFactory.getLogger(StagingGauges.class);

  private final JdbcOperations jdbc;
  private final String query;
  private volatile @Nullable StagingBacklog backlog;

  StagingGauges(JdbcOperations jdbc, DebounceSettings settings, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.query = StagingBacklog.query(settings.debounce(), StagingBacklog.ALL);
    gauge("lastword.staging.rows", StagingBacklog::staged)
        .description("sessions that are typing now")
        .register(registry);
    gauge("lastword.staging.backlog", read -> read.lag().toMillis() / 1_000.0)
        .description("how long the oldest aged row has waited for its promotion")
        .baseUnit("seconds")
        .register(registry);
    gauge("lastword.staging.refused", StagingBacklog::refused)
        .description("staged rows that cannot be logged")
        .register(registry);
  }

  private Gauge.Builder<StagingGauges> gauge(String name, ToDoubleFunction<StagingBacklog> value) {
    return Gauge.builder(
        name,
        this,
        gauges -> {
          StagingBacklog read = gauges.backlog;
          return read == null ? Double.NaN : value.applyAsDouble(read);
        });
  }

  @Scheduled(fixedDelay = "10s")
  void refresh() {
    try {
      backlog = read();
    } catch (RuntimeException e) {
      backlog = null;
      LOG.debug("Cannot read staging: {}", e.toString());
    }
  }

  /** Returns how long the oldest aged row has waited for its promotion, as of the last reading. */
  Duration lag() {
    StagingBacklog read = backlog;
    return read == null ? Duration.ZERO : read.lag();
  }

  @Connectable
  StagingBacklog read() {
    return jdbc.prepareStatement(
        query,
        statement -> {
          ResultSet row = statement.executeQuery();
          row.next();
          return StagingBacklog.read(row);
        });
  }
}
