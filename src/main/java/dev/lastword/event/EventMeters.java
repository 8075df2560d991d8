package dev.lastword.event;

import dev.lastword.event.store.PendingEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Counts the events of this node, under names that are common for event APIs. Received = ingested +
 * duplicate + failed.
 */
@Singleton
class EventMeters {
  static final int MAX_TOPICS = 100;

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<Integer, Map<String, Counter>> received = new HashMap<>();
  private final Counter ingested;
  private final Counter duplicate;
  private final Counter changed;
  private final Counter invalid;
  private final Counter refused;
  private final Counter unconfirmed;
  private final Timer duration;

  EventMeters(MeterRegistry registry) {
    this.registry = registry;
    ingested = counter("events.ingested", "events that are new and stored").register(registry);
    duplicate = counter("events.duplicate", "events that were stored before").register(registry);
    changed =
        counter("events.duplicate.changed", "duplicates with different content").register(registry);
    invalid = failed("invalid");
    refused = failed("refused");
    unconfirmed = failed("unavailable");
    duration =
        Timer.builder("ingestion.duration")
            .description("from reading the events of a request to their commit")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  void received(int tenantId, Map<String, Integer> byTopic) {
    byTopic.forEach((topic, count) -> received(tenantId, topic).increment(count));
  }

  void answered(IngestResult result, int notValid, long nanos) {
    ingested.increment(result.accepted());
    duplicate.increment(result.duplicates().size());
    changed.increment(result.duplicates().stream().filter(PendingEvent::isChanged).count());
    invalid.increment(notValid);
    refused.increment(result.rejected().size() - notValid);
    unconfirmed.increment(result.unconfirmed());
    duration.record(nanos, TimeUnit.NANOSECONDS);
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

  private Counter failed(String reason) {
    return counter("events.failed", "events that are not stored")
        .tag("reason", reason)
        .register(registry);
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder(name).description(description);
  }
}
