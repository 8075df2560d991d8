package dev.lastword.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Reads this node's own meters, those that {@code /metrics} shows too. */
@Singleton
class NodeTotalsReader {

  private final MeterRegistry meters;

  NodeTotalsReader(MeterRegistry meters) {
    this.meters = meters;
  }

  SearchTotals.Node read() {
    Map<String, Long> dropped = new TreeMap<>();
    for (Counter counter : meters.find("lastword.searches.dropped").counters()) {
      dropped.merge(
          String.valueOf(counter.getId().getTag("reason")), (long) counter.count(), Long::sum);
    }
    return new SearchTotals.Node(
        TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()),
        sum("lastword.keystrokes.received"),
        sum("lastword.keystrokes.rejected"),
        sum("lastword.searches.promoted"),
        dropped);
  }

  private long sum(String name) {
    return (long) meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
  }
}
