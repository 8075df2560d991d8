package dev.lastword.search;

import dev.lastword.access.Tenant;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the keystrokes of this node. Received = staged + cleared + rejected + unconfirmed. */
@Singleton
class KeystrokeMeters {
  private final MeterRegistry registry;
  private final Map<Integer, Counter> received = new ConcurrentHashMap<>();
  private final Counter staged;
  private final Counter cleared;
  private final Counter rejected;
  private final Counter unconfirmed;
  private final Counter ignoredTimes;

  KeystrokeMeters(MeterRegistry registry) {
    this.registry = registry;
    received(Tenant.DEFAULT_ID); // so that it exists as 0
    staged = counter(registry, "lastword.keystrokes.staged", "keystrokes committed to staging");
    cleared =
        counter(
            registry,
            "lastword.keystrokes.cleared",
            "keystrokes with an empty text; nothing to stage");
    rejected = counter(registry, "lastword.keystrokes.rejected", "keystrokes that are not valid");
    unconfirmed =
        counter(registry, "lastword.keystrokes.unconfirmed", "keystrokes answered with 503");
    ignoredTimes =
        counter(
            registry,
            "lastword.keystrokes.times.ignored",
            "client times that are too far from now");
  }

  void received(KeystrokeBatch batch) {
    received(batch.tenantId()).increment(batch.received());
    increment(cleared, batch.cleared());
    increment(rejected, batch.rejected().size());
    increment(ignoredTimes, batch.ignoredTimes());
  }

  private Counter received(int tenantId) {
    return received.computeIfAbsent(
        tenantId,
        id ->
            Counter.builder("lastword.keystrokes.received")
                .description("keystrokes received")
                .tag("tenant", Integer.toString(id))
                .register(registry));
  }

  void answered(int nowStaged, int nowRejected, int nowUnconfirmed) {
    staged.increment(nowStaged);
    increment(rejected, nowRejected);
    increment(unconfirmed, nowUnconfirmed);
  }

  private static void increment(Counter counter, int amount) {
    if (amount > 0) {
      counter.increment(amount);
    }
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
