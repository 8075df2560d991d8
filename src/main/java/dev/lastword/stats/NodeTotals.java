package dev.lastword.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts of one node since its start, from the meters that {@code /metrics} shows.
 *
 * @param uptimeSeconds seconds since the start
 * @param keystrokesReceived keystrokes received, valid or not
 * @param keystrokesRejected keystrokes that were not valid
 * @param keystrokesLost keystrokes that clients reported as not delivered
 * @param lossRate lost keystrokes in proportion to lost and received ones, 0 to 1
 * @param searchesPromoted searches that this node moved to the log
 * @param searchesDropped texts that promotion did not take for searches, by reason
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record NodeTotals(
    long uptimeSeconds,
    long keystrokesReceived,
    long keystrokesRejected,
    long keystrokesLost,
    double lossRate,
    long searchesPromoted,
    Map<String, Long> searchesDropped) {

  static NodeTotals read(MeterRegistry meters) {
    Map<String, Long> dropped = new TreeMap<>();
    for (Counter counter : meters.find("lastword.searches.dropped").counters()) {
      dropped.merge(
          String.valueOf(counter.getId().getTag("reason")), (long) counter.count(), Long::sum);
    }
    long received = sum(meters, "lastword.keystrokes.received");
    long lost = sum(meters, "lastword.keystrokes.lost");
    return new NodeTotals(
        secondsSinceStart(),
        received,
        sum(meters, "lastword.keystrokes.rejected"),
        lost,
        lost == 0 ? 0 : (double) lost / (received + lost),
        sum(meters, "lastword.searches.promoted"),
        dropped);
  }

  static long secondsSinceStart() {
    return TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime());
  }

  private static long sum(MeterRegistry meters, String name) {
    return (long) meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
  }
}
