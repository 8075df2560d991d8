package dev.lastword.search;

import dev.lastword.access.Tenant;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the keystrokes of this node by tenant. Received = staged + cleared + rejected +
 * unconfirmed.
 */
@Context
class KeystrokeMeters {
  private final MeterRegistry registry;
  private final Map<Integer, Counters> byTenant = new ConcurrentHashMap<>();

  KeystrokeMeters(MeterRegistry registry) {
    this.registry = registry;
    of(Tenant.DEFAULT_ID); // so that they exist as 0 before the first request
  }

  void received(KeystrokeBatch batch) {
    Counters counters = of(batch.tenantId());
    counters.received.increment(batch.received());
    increment(counters.cleared, batch.cleared());
    increment(counters.rejected, batch.rejected().size());
    increment(counters.ignoredTimes, batch.ignoredTimes());
    increment(counters.lost, batch.lost());
  }

  void answered(int tenantId, int staged, int rejected, int unconfirmed) {
    Counters counters = of(tenantId);
    counters.staged.increment(staged);
    increment(counters.rejected, rejected);
    increment(counters.unconfirmed, unconfirmed);
  }

  private static void increment(Counter counter, int amount) {
    if (amount > 0) {
      counter.increment(amount);
    }
  }

  private Counters of(int tenantId) {
    return byTenant.computeIfAbsent(tenantId, id -> new Counters(registry, id));
  }

  private static final class Counters {
    private final Counter received;
    private final Counter staged;
    private final Counter cleared;
    private final Counter rejected;
    private final Counter unconfirmed;
    private final Counter ignoredTimes;
    private final Counter lost;

    Counters(MeterRegistry registry, int tenantId) {
      received = counter(registry, tenantId, "received", "keystrokes received");
      staged = counter(registry, tenantId, "staged", "keystrokes committed to staging");
      cleared =
          counter(registry, tenantId, "cleared", "keystrokes with an empty text; nothing to stage");
      rejected = counter(registry, tenantId, "rejected", "keystrokes that are not valid");
      unconfirmed = counter(registry, tenantId, "unconfirmed", "keystrokes answered with 503");
      ignoredTimes =
          counter(registry, tenantId, "times.ignored", "client times that are too far from now");
      lost = counter(registry, tenantId, "lost", "keystrokes that clients could not deliver");
    }

    private static Counter counter(
        MeterRegistry registry, int tenantId, String name, String description) {
      return Counter.builder("lastword.keystrokes." + name)
          .description(description)
          .tag("tenant", Integer.toString(tenantId))
          .register(registry);
    }
  }
}
