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
 * Down while promotion fails on this node. It keeps no node from taking keystrokes: they wait in
 * staging.
 */
@Singleton
@Requires(beans = PromotionJob.class)
class PromotionHealth implements HealthIndicator {
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
            : result.status(HealthStatus.DOWN).details(Map.of("problem", problem)).build());
  }
}
