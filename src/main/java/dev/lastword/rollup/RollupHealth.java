package dev.lastword.rollup;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Health of the counts: DEGRADED while the rollup fails or is more than 30 s behind, not DOWN,
 * because the node still logs and reads.
 */
@Singleton
class RollupHealth implements HealthIndicator {
  private static final HealthStatus DEGRADED = new HealthStatus("DEGRADED");
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final RollupJob job;

  RollupHealth(RollupJob job) {
    this.job = job;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    Map<String, Object> details = new LinkedHashMap<>();
    Duration lag = job.lag();
    details.put("lag_seconds", lag.toSeconds());
    String problem = job.problem();
    if (problem != null) {
      details.put("problem", problem);
    }
    boolean well = problem == null && lag.compareTo(TOLERANCE) < 0;
    return Publishers.just(
        HealthResult.builder("rollup", well ? HealthStatus.UP : DEGRADED).details(details).build());
  }
}
