package dev.lastword.database;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Health of the database, checked on a connection of the pool that requests use. The answer takes
 * at most two seconds even if the database hangs, and at most one thread waits for it, however many
 * ask. It contains no host, database or user, because everyone may read it; the log has the whole
 * message.
 */
@Singleton
class DatabaseHealth implements HealthIndicator {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseHealth.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String NO_ANSWER = "no answer in " + TIMEOUT.toSeconds() + " s";

  private final DataSource database;
  private final ExecutorService threads;
  private CompletableFuture<HealthResult> pending = CompletableFuture.completedFuture(up());

  DatabaseHealth(DataSource database, @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.database = DelegatingDataSource.unwrapDataSource(database);
    this.threads = threads;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    // A caller that cancels must not cancel the check that others share.
    return Mono.fromFuture(this::check, true)
        .timeout(TIMEOUT, Mono.fromSupplier(() -> down(NO_ANSWER)));
  }

  private synchronized CompletableFuture<HealthResult> check() {
    if (pending.isDone()) {
      pending = CompletableFuture.supplyAsync(this::connect, threads);
    }
    return pending;
  }

  private HealthResult connect() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid((int) TIMEOUT.toSeconds()) ? up() : down(NO_ANSWER);
    } catch (SQLException e) {
      LOG.warn("Database unavailable: {}", e.getMessage());
      return down("SQLState " + e.getSQLState());
    }
  }

  private static HealthResult up() {
    return HealthResult.builder("database", HealthStatus.UP).build();
  }

  private static HealthResult down(String reason) {
    return HealthResult.builder("database", HealthStatus.DOWN)
        .details(Map.of("reason", reason))
        .build();
  }
}
