package dev.lastword.search;

import dev.lastword.access.Tenant;
import dev.lastword.search.PromotionRules.Drop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Counts the work of promotion on this node; texts also by tenant. Texts of promoted rows =
 * promoted + dropped + those that completed a logged search.
 */
@Singleton
class PromotionMeters {
  private static final Duration[] BUCKETS =
      LongStream.of(100, 250, 500, 1_000, 1_500, 2_500, 5_000, 10_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final DebounceSettings settings;
  private final MeterProvider<Counter> promoted;
  private final MeterProvider<Counter> amended;
  private final MeterProvider<Counter> dropped;
  private final Counter rows;
  private final Counter refused;
  private final Timer batches;
  private final Timer lag;

  PromotionMeters(MeterRegistry registry, DebounceSettings settings) {
    this.settings = settings;
    promoted =
        Counter.builder("lastword.searches.promoted")
            .description("searches logged")
            .withRegistry(registry);
    amended =
        Counter.builder("lastword.searches.amended")
            .description("logged searches that a later text completed")
            .withRegistry(registry);
    dropped =
        Counter.builder("lastword.searches.dropped")
            .description("texts that are not searches, by reason")
            .withRegistry(registry);
    rows =
        Counter.builder("lastword.promotion.rows")
            .description("staged rows promoted")
            .register(registry);
    refused =
        Counter.builder("lastword.promotion.refused")
            .description("staged rows that could not be logged and stayed")
            .register(registry);
    batches =
        Timer.builder("lastword.promotion.batch").description("one transaction").register(registry);
    lag =
        Timer.builder("lastword.promotion.lag")
            .description("from the end of a row's window to its transaction")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    byTenant(promoted, Tenant.DEFAULT_ID); // so that it exists as 0, as do the following
    byTenant(amended, Tenant.DEFAULT_ID);
    for (DropReason reason : DropReason.values()) {
      dropped(new Drop(Tenant.DEFAULT_ID, reason));
    }
  }

  void promoted(
      List<StagedRow> claimed,
      Collection<Search> added,
      Collection<Search> changed,
      Map<Drop, Integer> drops,
      long nanos) {
    rows.increment(claimed.size());
    count(promoted, added);
    count(amended, changed);
    drops.forEach((drop, count) -> dropped(drop).increment(count));
    batches.record(nanos, TimeUnit.NANOSECONDS);
    for (StagedRow row : claimed) {
      if (row.aged() && !row.submitted()) {
        lag.record(Duration.between(row.lastSeen().plus(settings.debounce()), row.now()));
      }
    }
  }

  void refused() {
    refused.increment();
  }

  private static void count(MeterProvider<Counter> counters, Collection<Search> searches) {
    searches.stream()
        .collect(Collectors.groupingBy(search -> search.key().tenantId(), Collectors.counting()))
        .forEach((tenantId, count) -> byTenant(counters, tenantId).increment(count));
  }

  private static Counter byTenant(MeterProvider<Counter> counters, int tenantId) {
    return counters.withTag("tenant", Integer.toString(tenantId));
  }

  private Counter dropped(Drop drop) {
    return dropped.withTags(
        "tenant",
        Integer.toString(drop.tenantId()),
        "reason",
        drop.reason().name().toLowerCase(Locale.ROOT));
  }
}
