package dev.lastword.load.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A line of the soak's table.
 *
 * @param second end of the interval, since the soak began
 * @param rate keystrokes per second since the last line
 * @param staged rows of staging
 * @param lagMillis how long the oldest finished session has waited for its promotion
 * @param p50Millis of the probe's keystrokes since the last line
 * @param p99Millis likewise
 * @param residentMib of the node's process
 * @param heapMib of it, the used heap, including garbage
 */
record Sample(
    double second,
    double rate,
    long staged,
    long lagMillis,
    double p50Millis,
    double p99Millis,
    double residentMib,
    double heapMib) {

  static final String HEADER =
      "second,keystrokes_per_second,staged,lag_ms,p50_ms,p99_ms,resident_mib,heap_mib";

  String line() {
    return String.format(
        Locale.ROOT,
        "%.1f,%.0f,%d,%d,%.2f,%.2f,%.1f,%.1f",
        second,
        rate,
        staged,
        lagMillis,
        p50Millis,
        p99Millis,
        residentMib,
        heapMib);
  }

  static List<Sample> read(Path table) throws IOException {
    return Files.readAllLines(table).stream().skip(1).map(Sample::parse).toList();
  }

  private static Sample parse(String line) {
    String[] values = line.split(",");
    return new Sample(
        Double.parseDouble(values[0]),
        Double.parseDouble(values[1]),
        Long.parseLong(values[2]),
        Long.parseLong(values[3]),
        Double.parseDouble(values[4]),
        Double.parseDouble(values[5]),
        Double.parseDouble(values[6]),
        Double.parseDouble(values[7]));
  }
}
