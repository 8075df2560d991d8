package dev.lastword.search;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Health of promotion on this node: DEGRADED while it fails, not DOWN, because readiness includes
 * this indicator and the node can still stage keystrokes.
 */
@Singleton
@Requires(beans = PromotionJob.class)
class PromotionHealth implements HealthIndicator {
  /** Ranks between UP and DOWN, and is answered with 200. */
  static final HealthStatus DEGRADED = new HealthStatus("DEGRADED");

  private final PromotionJob job;

  PromotionHealth(PromotionJob job) {
    this.job = job;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    String problem = job.problem();
    HealthResult.Builder result = HealthResult.builder("promotion");
    return Publishers.just(
        problem == null
            ? result.status(HealthStatus.UP).build()
            : result.status(DEGRADED).details(Map.of("problem", problem)).build());
  }
}
