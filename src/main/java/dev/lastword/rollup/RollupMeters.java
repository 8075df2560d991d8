package dev.lastword.rollup;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Counts the work of the rollup on this node. */
@Singleton
class RollupMeters {
  private final Map<CountedLog, Counter> rows = new EnumMap<>(CountedLog.class);
  private final Timer batches;

  RollupMeters(MeterRegistry registry) {
    for (CountedLog log : CountedLog.values()) {
      rows.put(
          log,
          Counter.builder("lastword.rollup.rows")
              .description("rows that were counted, and amended ones that were counted anew")
              .tag("feed", log.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    batches =
        Timer.builder("lastword.rollup.batch").description("one transaction").register(registry);
  }

  void counted(CountedLog log, int count, long nanos) {
    Objects.requireNonNull(rows.get(log)).increment(count);
    batches.record(nanos, TimeUnit.NANOSECONDS);
  }
}
