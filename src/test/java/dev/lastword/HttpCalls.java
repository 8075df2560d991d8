package dev.lastword;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls the server under test over a socket, like its clients. */
@Singleton
public final class HttpCalls {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TRIES = 10;

  /** How long an answer waits for counts. */
  private static final Duration COUNTING = Duration.ofSeconds(1);

  private final EmbeddedServer server;
  private final JsonMapper json;

  HttpCalls(EmbeddedServer server, JsonMapper json) {
    this.server = server;
    this.json = json;
  }

  /** Sends a GET request to a node. */
  public static CompletableFuture<HttpResponse<String>> getAsync(
      EmbeddedServer node, String path, String... headers) {
    var request = HttpRequest.newBuilder(node.getURI().resolve(path)).timeout(PATIENCE);
    return CLIENT.sendAsync(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofString());
  }

  /** Sends a GET request to a node in another process. */
  public static HttpResponse<String> get(URI node, String path)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(node.resolve(path)).timeout(PATIENCE).build(),
        BodyHandlers.ofString());
  }

  /** Posts JSON to a node. */
  public static CompletableFuture<HttpResponse<String>> postAsync(
      EmbeddedServer node, String path, String body, String... headers) {
    return CLIENT.sendAsync(
        json(node.getURI().resolve(path), body, PATIENCE, headers), BodyHandlers.ofString());
  }

  /**
   * Posts JSON to a node that may be busy or killed meanwhile.
   *
   * @return true for 202; false for 503, or if there is no answer within six seconds
   */
  public static boolean isAccepted(URI node, String path, String body) throws InterruptedException {
    try {
      var request = json(node.resolve(path), body, Duration.ofSeconds(6));
      int status = CLIENT.send(request, BodyHandlers.discarding()).statusCode();
      assertThat(status).isIn(202, 503);
      return status == 202;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpRequest json(URI url, String body, Duration timeout, String... headers) {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(request("GET", path, null, headers), BodyHandlers.ofString());
  }

  /**
   * Sends a GET request until the answer includes everything that was committed before. An answer
   * that does not must say so, and must have waited for the counts, as on a busy machine.
   */
  public HttpResponse<String> getCounted(String path, String... headers) {
    for (int tries = 1; ; tries++) {
      Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      var response = send(request("GET", path, null, headers), BodyHandlers.ofString());
      boolean older =
          response
              .headers()
              .firstValue("Lastword-As-Of")
              .filter(asOf -> Instant.parse(asOf).isBefore(start))
              .isPresent();
      if (!older || tries == TRIES) {
        return response;
      }
      assertThat(Duration.between(start, Instant.now())).as("wait").isGreaterThan(COUNTING);
    }
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(request("POST", path, body, headers), BodyHandlers.ofString());
  }

  public HttpResponse<String> call(String method, String path) {
    return send(request(method, path, null), BodyHandlers.ofString());
  }

  public HttpResponse<String> send(
      String method, String path, @Nullable String body, String... headers) {
    return send(request(method, path, body, headers), BodyHandlers.ofString());
  }

  /**
   * Sends a request as it is, without a body, and returns all that is answered.
   *
   * @param head the method and the path, which need not be valid, and further lines of the head
   */
  public String raw(String head) {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      String[] lines = head.split("\r\n", 2);
      String rest = lines.length == 1 ? "" : lines[1] + "\r\n";
      String host = rest.startsWith("Host: ") ? "" : "Host: localhost\r\n";
      String request = lines[0] + " HTTP/1.1\r\n" + rest + host + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public <T> HttpResponse<T> get(
      String path, HttpResponse.BodyHandler<T> handler, String... headers) {
    return send(request("GET", path, null, headers), handler);
  }

  /** Returns the lines of an answer as CSV. */
  public List<String> csv(String path) {
    HttpResponse<String> response = getCounted(path, "Accept", "text/csv");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().lines().toList();
  }

  /** Returns the JSON of a response. */
  public JsonNode json(HttpResponse<String> answer) {
    try {
      return json.readValue(answer.body(), JsonNode.class);
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + answer.body(), e);
    }
  }

  private HttpRequest request(
      String method, String path, @Nullable String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(server.getURL() + path))
            .timeout(PATIENCE)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return CLIENT.send(request, handler);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
