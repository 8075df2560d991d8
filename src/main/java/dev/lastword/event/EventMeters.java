package dev.lastword.event;

import dev.lastword.access.Tenant;
import dev.lastword.event.store.PendingEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Counts the events of this node by tenant, under names that are common for event APIs. Received =
 * ingested + duplicate + failed.
 */
@Context
class EventMeters {
  static final int MAX_TOPICS = 100;

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<Integer, Map<String, Counter>> received = new HashMap<>();
  private final MeterProvider<Counter> ingested;
  private final MeterProvider<Counter> duplicate;
  private final MeterProvider<Counter> changed;
  private final MeterProvider<Counter> failed;
  private final Timer duration;

  EventMeters(MeterRegistry registry) {
    this.registry = registry;
    ingested = counter("events.ingested", "events that are new and stored").withRegistry(registry);
    duplicate =
        counter("events.duplicate", "events that were stored before").withRegistry(registry);
    changed =
        counter("events.duplicate.changed", "duplicates with different content")
            .withRegistry(registry);
    failed = counter("events.failed", "events that are not stored").withRegistry(registry);
    duration =
        Timer.builder("ingestion.duration")
            .description("from reading the events of a request to their commit")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    count(
        Tenant.DEFAULT_ID,
        IngestResult.EMPTY,
        0); // so that they exist as 0 before the first request
  }

  void received(int tenantId, Map<String, Integer> byTopic) {
    byTopic.forEach((topic, count) -> received(tenantId, topic).increment(count));
  }

  void answered(int tenantId, IngestResult result, int notValid, long nanos) {
    count(tenantId, result, notValid);
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  private void count(int tenantId, IngestResult result, int notValid) {
    String tenant = Integer.toString(tenantId);
    ingested.withTag("tenant", tenant).increment(result.accepted());
    duplicate.withTag("tenant", tenant).increment(result.duplicates().size());
    changed
        .withTag("tenant", tenant)
        .increment(result.duplicates().stream().filter(PendingEvent::isChanged).count());
    failed(tenant, "invalid").increment(notValid);
    failed(tenant, "refused").increment(result.rejected().size() - notValid);
    failed(tenant, "unavailable").increment(result.unconfirmed().size());
  }

  /**
   * Returns the counter of a topic. Clients choose topics, so after the first hundred of a tenant
   * the others share a label.
   */
  private synchronized Counter received(int tenantId, String topic) {
    Map<String, Counter> ofTenant = received.computeIfAbsent(tenantId, id -> new HashMap<>());
    Counter known = ofTenant.get(topic);
    if (known != null) {
      return known;
    }
    String label = ofTenant.size() < MAX_TOPICS ? topic : "other";
    Counter counter =
        counter("events.received", "events received")
            .tag("event_type", label)
            .tag("tenant", Integer.toString(tenantId))
            .register(registry);
    if (ofTenant.size() < MAX_TOPICS) {
      ofTenant.put(topic, counter);
    }
    return counter;
  }

  private Counter failed(String tenant, String reason) {
    return failed.withTags("tenant", tenant, "reason", reason);
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder(name).description(description);
  }
}
