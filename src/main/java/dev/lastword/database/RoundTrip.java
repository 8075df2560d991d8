package dev.lastword.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.scheduling.annotation.Scheduled;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the time that a message takes to the database and back, which each commit takes at least
 * once.
 */
@Context
public class RoundTrip {
  private static final Logger LOG = LoggerFactory.getLogger(RoundTrip.class);
  private static final int TRIES = 5;
  private static final int TIMEOUT = 5; // s

  private final DataSource database;
  private volatile double seconds = Double.NaN;

  RoundTrip(DataSource database, MeterRegistry registry) {
    this.database = DelegatingDataSource.unwrapDataSource(database);
    Gauge.builder("lastword.database.round.trip", this, measured -> measured.seconds)
        .description("time of a message to the database and back")
        .baseUnit("seconds")
        .register(registry);
  }

  @Scheduled(fixedDelay = "10s")
  void measure() {
    try (Connection connection = database.getConnection()) {
      seconds = of(connection).toNanos() / 1e9;
    } catch (SQLException e) {
      seconds = Double.NaN;
      LOG.debug("No round trip: {}", e.toString());
    }
  }

  /**
   * Returns the shortest of a few round trips, so that neither a busy moment nor warming counts.
   */
  public static Duration of(Connection connection) throws SQLException {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      if (!connection.isValid(TIMEOUT)) {
        throw new SQLException("no answer in " + TIMEOUT + " s");
      }
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return Duration.ofNanos(shortest);
  }
}
