package dev.lastword.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs wrk, the load generator, with keystrokes.lua.
 *
 * @param connections number of connections, each sending its next request after the last response
 * @param batch keystrokes per request
 * @param pause milliseconds that a connection waits between two requests, on average
 */
record Wrk(int connections, int batch, long pause) {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern ALL = Pattern.compile("(\\d+) requests in");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

  /**
   * @param rate rows per second
   * @param p99 milliseconds
   * @param refused share of the requests that were not answered with success
   */
  record Result(double rate, double p99, double refused) {}

  /**
   * @throws IOException if wrk cannot be run, or a request was not answered with success
   */
  Result run(Service service, String path, int seconds) throws IOException, InterruptedException {
    Result result = measure(service, path, seconds);
    if (result.refused > 0) {
      throw new IOException("wrk: refused " + result.refused);
    }
    return result;
  }

  /**
   * @throws IOException if wrk cannot be run
   */
  Result measure(Service service, String path, int seconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "wrk",
                    "--threads=" + Math.min(2, connections),
                    "--connections=" + connections,
                    "--duration=" + seconds + "s",
                    "--latency",
                    "--timeout=20s",
                    "--script=" + Path.of("keystrokes.lua"),
                    service.url(),
                    "--",
                    path,
                    Integer.toString(batch),
                    Long.toString(pause)))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher rate = RATE.matcher(output);
    Matcher p99 = P99.matcher(output);
    Matcher all = ALL.matcher(output);
    if (process.waitFor() != 0 || !rate.find() || !p99.find() || !all.find()) {
      throw new IOException("wrk: " + output);
    }
    Matcher refused = REFUSED.matcher(output);
    double share =
        refused.find()
            ? Double.parseDouble(refused.group(1)) / Double.parseDouble(all.group(1))
            : 0;
    double unit = p99.group(2).equals("us") ? 0.001 : p99.group(2).equals("ms") ? 1 : 1_000;
    return new Result(
        Double.parseDouble(rate.group(1)) * batch * (1 - share),
        Double.parseDouble(p99.group(1)) * unit,
        share);
  }
}
