package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.TestDatabase;
import dev.lastword.Wire;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit is done, and its answer never reaches the node. */
class LostAnswerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String url = TestDatabase.create();
  private Wire wire;
  private EmbeddedServer node;
  private ApplicationContext other;

  @BeforeEach
  void start() throws IOException {
    wire = new Wire(url);
    node = ApplicationContext.run(EmbeddedServer.class, settings(wire.url()));
    other = ApplicationContext.run(settings(url));
  }

  @AfterEach
  void stop() throws IOException {
    wire.unblock();
    node.close();
    other.close();
    wire.close();
  }

  private static Map<String, Object> settings(String url) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    return settings;
  }

  @Test
  void aSubmittedKeystrokeThatAnotherNodePromotesMeanwhileIsLoggedOnce() throws Exception {
    assertThat(post("{\"session_id\":\"s\",\"keyword\":\"busines\"}").join().statusCode())
        .isEqualTo(202);
    wire.holdAnswersTo("COMMIT");
    var answer = post("{\"session_id\":\"s\",\"keyword\":\"business\",\"submitted\":true}");
    await().until(wire::holdsAnAnswer);
    other.getBean(Promoter.class).promote(new Sweep());
    TypedSession typed = typed();
    assertThat(typed.logged()).containsExactly("business");
    wire.breakConnections();
    assertThat(answer.join().statusCode()).isEqualTo(202);
    assertThat(typed.isStaged()).isFalse();
    other.getBean(Promoter.class).promote(new Sweep());
    assertThat(typed.logged()).containsExactly("business");
  }

  private TypedSession typed() {
    return new TypedSession(
        other.getBean(DataSource.class), other.getBean(StagingRepository.class), "s");
  }

  private CompletableFuture<HttpResponse<String>> post(String body) {
    return CLIENT.sendAsync(
        HttpRequest.newBuilder(node.getURI().resolve("/log"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
