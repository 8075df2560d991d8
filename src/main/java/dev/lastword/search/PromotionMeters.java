package dev.lastword.search;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts the work of promotion on this node. Texts of promoted rows = promoted + dropped. */
@Singleton
class PromotionMeters {
  private static final Duration[] BUCKETS =
      LongStream.of(100, 250, 500, 1_000, 1_500, 2_500, 5_000, 10_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final DebounceSettings settings;
  private final Counter promoted;
  private final Counter rows;
  private final Counter refused;
  private final Timer batches;
  private final Timer lag;

  PromotionMeters(MeterRegistry registry, DebounceSettings settings) {
    this.registry = registry;
    this.settings = settings;
    promoted =
        Counter.builder("lastword.searches.promoted")
            .description("searches logged")
            .register(registry);
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
    for (DropReason reason : DropReason.values()) {
      dropped(reason); // so that it exists as 0
    }
  }

  void promoted(
      List<StagedRow> claimed,
      Collection<Search> searches,
      Map<DropReason, Integer> drops,
      long nanos) {
    rows.increment(claimed.size());
    promoted.increment(searches.size());
    drops.forEach((reason, count) -> dropped(reason).increment(count));
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

  private Counter dropped(DropReason reason) {
    return Counter.builder("lastword.searches.dropped")
        .description("texts that are not searches, by reason")
        .tag("reason", reason.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
