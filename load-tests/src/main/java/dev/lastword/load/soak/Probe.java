package dev.lastword.load.soak;

import dev.lastword.load.Percentiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Types at a steady pace during the load, and measures the time of each response since its
 * keystroke was due. A slow response does not delay the next keystroke.
 */
final class Probe implements AutoCloseable {

  private static final int PER_SECOND = 100;
  private static final String PHRASE = "how long does it take";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService keys = Executors.newSingleThreadScheduledExecutor();
  private final Queue<Long> micros = new ConcurrentLinkedQueue<>();
  private final LongAdder failed = new LongAdder();
  private final URI url;
  private final long start = System.nanoTime();
  private long typed;

  Probe(URI url) {
    this.url = url.resolve("/log");
    keys.scheduleAtFixedRate(
        this::type, 0, TimeUnit.SECONDS.toNanos(1) / PER_SECOND, TimeUnit.NANOSECONDS);
  }

  /** Returns the measurements since the last call, in microseconds. */
  Percentiles take() {
    List<Long> taken = new ArrayList<>();
    for (Long value = micros.poll(); value != null; value = micros.poll()) {
      taken.add(value);
    }
    return new Percentiles(taken);
  }

  /** Returns the number of keystrokes that failed. */
  long failed() {
    return failed.sum();
  }

  @Override
  public void close() {
    keys.shutdownNow();
  }

  private void type() {
    long due = start + typed * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
    String body =
        "{\"session_id\": \"probe-%d-%d\", \"keyword\": \"%s\"}"
            .formatted(
                start,
                typed / PHRASE.length(),
                PHRASE.substring(0, (int) (typed % PHRASE.length()) + 1));
    typed++;
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    http.sendAsync(request, BodyHandlers.discarding())
        .whenComplete((answer, error) -> answered(due, answer));
  }

  private void answered(long due, HttpResponse<Void> answer) {
    if (answer == null || answer.statusCode() != 202) {
      failed.increment();
    } else {
      micros.add((System.nanoTime() - due) / 1_000);
    }
  }
}
