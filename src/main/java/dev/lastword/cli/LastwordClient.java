package dev.lastword.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of a running Lastword. */
final class LastwordClient {

  private static final int TRIES = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

  /** A keystroke to send. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Keystroke(
      String keyword,
      String sessionId,
      @Nullable String userId,
      Instant typedAt,
      boolean submitted) {}

  /** A logged or a staged search. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Search(String keyword, String sessionId) {}

  @Serdeable
  record Searches(List<Search> items) {}

  private final ObjectMapper json = ObjectMapper.getDefault();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI url;
  private final @Nullable String key;

  /**
   * @param key null if the service has no keys
   */
  LastwordClient(URI url, @Nullable String key) {
    this.url = url;
    this.key = key;
  }

  /**
   * Sends a keystroke, with retries while the service is busy or unavailable. Keystrokes may
   * overtake each other, like those of a page.
   *
   * @return whether it was accepted
   */
  CompletableFuture<Boolean> log(Keystroke keystroke) {
    try {
      HttpRequest request =
          request("/log")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(keystroke)))
              .build();
      return log(request, TRIES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletableFuture<Boolean> log(HttpRequest request, int tries) {
    return http.sendAsync(request, BodyHandlers.discarding())
        .handle((answer, error) -> answer == null ? 503 : answer.statusCode())
        .thenCompose(
            status -> {
              boolean again = (status == 503 || status == 429) && tries > 1;
              return again
                  ? CompletableFuture.supplyAsync(() -> log(request, tries - 1), LATER)
                      .thenCompose(answered -> answered)
                  : CompletableFuture.completedFuture(status == 202);
            });
  }

  List<Search> searches(String sessionId) throws IOException, InterruptedException {
    return get("/searches?limit=1000&session_id=" + URLEncoder.encode(sessionId, UTF_8));
  }

  List<Search> staged() throws IOException, InterruptedException {
    return get("/searches/staged?limit=1000");
  }

  private List<Search> get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request(path).build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("GET %s%s answered %d".formatted(url, path, answer.statusCode()));
    }
    return json.readValue(answer.body(), Searches.class).items();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(TIMEOUT);
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }
}
