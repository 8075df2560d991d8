package dev.lastword.search;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Health of promotion: DEGRADED while it fails on this node, or rows wait for it on any, not DOWN,
 * because readiness includes this indicator and the node can still stage keystrokes.
 */
@Singleton
@Requires(beans = PromotionJob.class)
class PromotionHealth implements HealthIndicator {
  /** Ranks between UP and DOWN, and is answered with 200. */
  static final HealthStatus DEGRADED = new HealthStatus("DEGRADED");

  /** How long a row may wait for its promotion. */
  static final Duration MAX_LAG = Duration.ofSeconds(30);

  private final PromotionJob job;
  private final StagingGauges staging;

  PromotionHealth(PromotionJob job, StagingGauges staging) {
    this.job = job;
    this.staging = staging;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    String problem = problem();
    HealthResult.Builder result = HealthResult.builder("promotion");
    return Publishers.just(
        problem == null
            ? result.status(HealthStatus.UP).build()
            : result.status(DEGRADED).details(Map.of("problem", problem)).build());
  }

  private @Nullable String problem() {
    String failure = job.problem();
    Duration lag = staging.lag();
    return failure != null || lag.compareTo(MAX_LAG) <= 0
        ? failure
        : "searches wait for %d s".formatted(lag.toSeconds());
  }
}
