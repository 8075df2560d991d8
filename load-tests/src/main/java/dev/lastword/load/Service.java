package dev.lastword.load;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A node of the product in a separate process, with {@code /noop} beside {@code /log}. */
final class Service implements AutoCloseable {
  private final Process process;
  private final int port;

  /** Starts a node on a schema and waits until it is ready. */
  Service(String url, Path log) throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    // Like the script lastword, except for the class path.
                    "-XX:+UseParallelGC",
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.lastword.Lastword",
                    "serve",
                    "--port",
                    Integer.toString(port)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LASTWORD_DB_URL", url);
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    awaitReadiness(log);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns the CPU seconds that the process has used; NaN if unknown. */
  double cpu() {
    return cpu(process.pid());
  }

  static double cpu(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private void awaitReadiness(Path log) throws IOException, InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(url() + "/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 240 && process.isAlive(); i++) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not ready yet
      }
      Thread.sleep(250);
    }
    throw new IOException("The service does not start: " + Files.readString(log));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
