package dev.lastword.ops;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.fault.FaultyProxy;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static final HttpClient PROBE = HttpClient.newHttpClient();

  private final String url = TestDatabase.create();
  private FaultyProxy wire;
  private EmbeddedServer node;

  @BeforeEach
  void start() throws IOException {
    wire = new FaultyProxy(url);
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(wire.url()));
    settings.put("micronaut.server.port", -1);
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
  void aNodeWithItsDatabaseIsUp() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health/liveness").body()).contains("\"status\":\"UP\"");
    assertThat(get("/health/readiness").body()).contains("\"status\":\"UP\"");
  }

  @Test
  void nothingIsRevealedAboutHostUserOrSchemaOfTheDatabase() throws Exception {
    assertThat(get("/health").body())
        .contains("\"database\"", "\"made_until\":\"20")
        .doesNotContain("jdbc", "127.0.0.1", "root", "lastword_test");
    wire.cut();
    assertThat(get("/health").body())
        .contains("\"reason\":")
        .doesNotContain("jdbc", "127.0.0.1", "root", "lastword_test");
  }

  @Test
  void withoutItsDatabaseANodeIsAliveButNotReady() throws Exception {
    wire.cut();
    assertThat(get("/health/readiness").statusCode()).isEqualTo(503);
    assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
  }

  @Test
  void aHangingDatabaseIsReportedInTimeAndThenRecovers() throws Exception {
    wire.block();
    // More probes than the pool has connections; they share one check.
    for (int i = 0; i < 20; i++) {
      PROBE.sendAsync(request("/health/readiness"), BodyHandlers.ofString());
    }
    HttpResponse<String> readiness = get("/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("no answer in 2 s");
    assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
    wire.unblock();
    await().atMost(ofSeconds(30)).until(() -> get("/health/readiness").statusCode() == 200);
  }

  @Test
  void rowsInTheMaxvaluePartitionAreSeenAndTakeNoNodeOutOfService() throws Exception {
    LogRow.search("k").at("2999-01-01").insert(url);
    node.getApplicationContext().getBean(PartitionMonitor.class).check();
    HttpResponse<String> health = get("/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"overflow_rows\":1", "\"warning\":");
    assertThat(get("/metrics").body())
        .contains("lastword_partition_overflow_rows{table=\"search_log\"} 1.0");
  }

  @Test
  void aNodeThatCannotCountIsDegradedAndStaysInService() throws Exception {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("RENAME TABLE rollup_head TO rollup_head_gone");
      await().atMost(ofSeconds(30)).until(() -> get("/health").body().contains("DEGRADED"));
      assertThat(get("/health").body()).contains("\"rollup\"", "\"lag_seconds\"");
      assertThat(get("/health/readiness").statusCode()).isEqualTo(200);
      statement.execute("RENAME TABLE rollup_head_gone TO rollup_head");
      await().atMost(ofSeconds(30)).until(() -> !get("/health").body().contains("DEGRADED"));
    }
    assertThat(get("/metrics").body())
        .contains("lastword_rollup_lag_seconds 0.0", "lastword_rollup_rows_total{feed=\"events\"}");
  }

  /** Fails if the response takes longer than a probe waits. */
  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return PROBE.send(request(path), BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(node.getURL() + path)).timeout(ofSeconds(4)).build();
  }
}
