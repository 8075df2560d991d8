package dev.lastword.ops;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Health of the partitions: shows how far ahead they reach. It is UP with a warning if rows are in
 * a MAXVALUE partition: they are stored and found, so taking nodes out of service would not help.
 */
@Singleton
class PartitionHealth implements HealthIndicator {

  private final PartitionMonitor monitor;

  PartitionHealth(PartitionMonitor monitor) {
    this.monitor = monitor;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    Map<String, Object> details = new LinkedHashMap<>();
    monitor.seen().forEach((table, state) -> details.put(table, describe(state)));
    return Mono.just(HealthResult.builder("partitions", HealthStatus.UP).details(details).build());
  }

  private static Map<String, Object> describe(PartitionMonitor.State state) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("made_until", state.madeUntil() == null ? "none" : state.madeUntil() + "Z");
    details.put("overflow_rows", state.overflow());
    if (state.overflow() > 0) {
      details.put("warning", "rows are in the MAXVALUE partition");
    }
    return details;
  }
}
