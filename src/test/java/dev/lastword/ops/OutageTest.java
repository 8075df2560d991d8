package dev.lastword.ops;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.TestDatabase;
import dev.lastword.Wire;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While the database is away, requests end with 503, as a rule after {@code lastword.max-wait}. */
class OutageTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<String> READS =
      List.of(
          "/searches",
          "/searches?q=berlin",
          "/searches/staged",
          "/searches/stream",
          "/events",
          "/events?q=berlin",
          "/events/count",
          "/events/stream",
          "/stats");

  private final String url = TestDatabase.create();
  private Wire wire;
  private EmbeddedServer node;

  @BeforeEach
  void start() throws IOException {
    wire = new Wire(url);
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(wire.url()));
    settings.put("lastword.port", -1);
    settings.put("lastword.max-wait", "1s");
    settings.put("lastword.promotion.enabled", false);
    node = ApplicationContext.run(EmbeddedServer.class, settings);
  }

  @AfterEach
  void stop() throws IOException {
    wire.unblock();
    node.close();
    wire.close();
  }

  @Test
  void aDatabaseThatIsGone() throws IOException {
    wire.cut();
    List<HttpRequest> requests = requests();
    requests.add(post("/events", "{\"topic\":\"t\"}", "Idempotency-Key", "k"));
    assertUnavailable(requests);
  }

  @Test
  void aDatabaseThatHangs() {
    wire.block();
    assertUnavailable(requests());
    wire.unblock();
    await()
        .atMost(ofSeconds(30))
        .until(() -> CLIENT.send(get("/searches"), BodyHandlers.ofString()).statusCode() == 200);
  }

  private List<HttpRequest> requests() {
    List<HttpRequest> requests = new ArrayList<>();
    READS.forEach(path -> requests.add(get(path)));
    requests.add(post("/log", "{\"session_id\":\"s\",\"keyword\":\"k\"}"));
    requests.add(post("/events", "{\"topic\":\"t\"}"));
    return requests;
  }

  private static void assertUnavailable(List<HttpRequest> requests) {
    requests.stream()
        .map(request -> CLIENT.sendAsync(request, BodyHandlers.ofString()))
        .toList()
        .forEach(answer -> assertUnavailable(answer.join()));
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    String request = answer.request().toString();
    assertThat(answer.statusCode()).as(request).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).as(request).isPresent();
    assertThat(answer.body()).as(request).contains("\"status\":503");
  }

  private HttpRequest get(String path) {
    return request(path).build();
  }

  private HttpRequest post(String path, String body, String... headers) {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  /** Fails where the answer takes much longer than max-wait, or than a statement may take. */
  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(node.getURL() + path)).timeout(ofSeconds(20));
  }
}
