package dev.lastword.limit;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Health of shared rate limits: DEGRADED while Redis is unavailable, not DOWN, because the node
 * then limits alone.
 */
@Singleton
@Requires(beans = SharedBuckets.class)
class SharedBucketsHealth implements HealthIndicator {
  private static final HealthStatus DEGRADED = new HealthStatus("DEGRADED");

  private final SharedBuckets buckets;

  SharedBucketsHealth(SharedBuckets buckets) {
    this.buckets = buckets;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    HealthResult.Builder result = HealthResult.builder("rate-limits");
    return Publishers.just(
        buckets.isAvailable()
            ? result.status(HealthStatus.UP).build()
            : result
                .status(DEGRADED)
                .details(Map.of("problem", "Redis unavailable, each node limits alone"))
                .build());
  }
}
