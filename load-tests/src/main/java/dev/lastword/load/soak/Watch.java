package dev.lastword.load.soak;

import dev.lastword.load.Percentiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Watches a node under load and writes a table of {@link Sample}s.
 *
 * <p>Arguments: URL and process id of the node, number of seconds, file of the table. Exit code 1:
 * a keystroke of the probe failed, or promotion fell behind.
 */
final class Watch {

  private static final long SECONDS_BETWEEN = 5;
  private static final long LONGEST_LAG_MILLIS = 5_000;

  private Watch() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    URI url = URI.create(args[0]);
    NodeView node = new NodeView(url, Long.parseLong(args[1]));
    Path table = Path.of(args[3]);
    long failed;
    try (Probe probe = new Probe(url);
        PrintWriter out = new PrintWriter(Files.newBufferedWriter(table))) {
      out.println(Sample.HEADER);
      watch(node, probe, Long.parseLong(args[2]), out);
      failed = probe.failed();
    }
    System.exit(conclude(Sample.read(table), failed) ? 0 : 1);
  }

  private static void watch(NodeView node, Probe probe, long seconds, PrintWriter out)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long before = received(node);
    double since = second(start);
    probe.take();
    for (long next = SECONDS_BETWEEN; next <= seconds; next += SECONDS_BETWEEN) {
      Thread.sleep(Math.max(0, Math.round(1_000 * (next - second(start)))));
      var totals = node.totals();
      double now = second(start);
      long received = totals.get("node").get("keystrokes_received").asLong();
      Percentiles micros = probe.take();
      Sample sample =
          new Sample(
              now,
              (received - before) / (now - since),
              totals.get("staged").asLong(),
              totals.get("promotion_lag_ms").asLong(),
              micros.at(50) / 1_000.0,
              micros.at(99) / 1_000.0,
              node.residentMib(),
              node.heapMib());
      before = received;
      since = now;
      out.println(sample.line());
      out.flush();
      if (next % 60 == 0) {
        System.err.printf(
            Locale.ROOT,
            "soak: %d of %d s, %,.0f keystrokes/s, p99 %.1f ms, lag %d ms, %.0f MiB%n",
            next,
            seconds,
            sample.rate(),
            sample.p99Millis(),
            sample.lagMillis(),
            sample.residentMib());
      }
    }
  }

  private static boolean conclude(List<Sample> samples, long failed) {
    System.out.printf(Locale.ROOT, "keystrokes/s      %s%n", spread(samples, Sample::rate));
    System.out.printf(Locale.ROOT, "p50 of 5 s, ms    %s%n", spread(samples, Sample::p50Millis));
    System.out.printf(Locale.ROOT, "p99 of 5 s, ms    %s%n", spread(samples, Sample::p99Millis));
    System.out.printf(Locale.ROOT, "promotion lag, ms %s%n", spread(samples, Sample::lagMillis));
    System.out.printf(Locale.ROOT, "staged sessions   %s%n", spread(samples, Sample::staged));
    System.out.printf(Locale.ROOT, "heap used, MiB    %s%n", spread(samples, Sample::heapMib));
    System.out.printf(
        Locale.ROOT,
        "resident, MiB     %s; first minute %.0f, last minute %.0f%n",
        spread(samples, Sample::residentMib),
        mean(samples.subList(0, Math.min(12, samples.size()))),
        mean(samples.subList(Math.max(0, samples.size() - 12), samples.size())));
    boolean behind = samples.get(samples.size() - 1).lagMillis() > LONGEST_LAG_MILLIS;
    if (failed > 0) {
      System.out.printf("FAIL %d keystrokes of the probe failed%n", failed);
    }
    if (behind) {
      System.out.println("FAIL promotion falls behind");
    }
    return failed == 0 && !behind;
  }

  private static String spread(List<Sample> samples, ToDoubleFunction<Sample> value) {
    double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "median %,.1f, from %,.1f to %,.1f",
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1]);
  }

  private static double mean(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::residentMib).average().orElseThrow();
  }

  private static long received(NodeView node) throws IOException, InterruptedException {
    return node.totals().get("node").get("keystrokes_received").asLong();
  }

  private static double second(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
