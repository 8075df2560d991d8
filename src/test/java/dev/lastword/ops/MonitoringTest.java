package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.LastwordProcess;
import dev.lastword.MissingProgram;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the queries of the dashboard and the alerts on a real Prometheus, of Debian's package {@code
 * prometheus}, that scrapes a node.
 */
@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "200ms")
@Property(name = "lastword.rest", value = "100ms")
class MonitoringTest {
  private static final Path OPS = Path.of("ops");
  private static final Path RULES = OPS.resolve("prometheus-rules.yml");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:lastword|events|api|ingestion|jvm|hikaricp|process)_\\w+");

  /** Metrics that only some nodes have, and where they come from. */
  private static final Map<String, String> CONDITIONAL =
      Map.of(
          "lastword_tls_certificate_expires_in_seconds", "http/connection/TlsCertificate.java",
          "lastword_rate_limits_shared", "limit/SharedBuckets.java");

  @TempDir Path folder;

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;
  @Inject JsonMapper json;

  @Test
  void allQueriesOfTheDashboardHaveAnswersAndAllAlertsAreEvaluated() throws Exception {
    int port = LastwordProcess.freePort();
    URI prometheus = URI.create("http://127.0.0.1:" + port);
    Process process = start(port);
    try {
      List<String> unanswered = new ArrayList<>(queries());
      assertThat(unanswered).hasSizeGreaterThan(30);
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(
              () -> {
                work();
                unanswered.removeIf(query -> isAnswered(prometheus, query));
                assertThat(unanswered).isEmpty();
              });
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                JsonNode rules = get(prometheus, "/api/v1/rules").get("data").get("groups").get(0);
                List<String> states = new ArrayList<>();
                rules.get("rules").values().forEach(rule -> states.add(health(rule)));
                assertThat(states).hasSize(alerts()).containsOnly("ok inactive");
              });
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static String health(JsonNode rule) {
    return rule.get("health").getStringValue() + " " + rule.get("state").getStringValue();
  }

  private Process start(int port) throws IOException {
    String config =
        Files.readString(OPS.resolve("prometheus.yml"))
            .replaceAll("scrape_interval: \\w+", "scrape_interval: 1s\n  evaluation_interval: 1s")
            .replace("rules.yml", RULES.toAbsolutePath().toString())
            .replaceAll("targets: .*", "targets: ['127.0.0.1:" + server.getPort() + "']");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
    ProcessBuilder command =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    try {
      return command.start();
    } catch (IOException e) {
      return MissingProgram.abort("dashboard and alerts", "prometheus, Debian: prometheus", e);
    }
  }

  /** Does some of everything, so that each metric has a value. */
  private void work() {
    String keystroke = "{\"session_id\": \"m\", \"keyword\": \"monitored\"}";
    http.post("/log", keystroke, "Content-Type", "application/json");
    http.post("/events", "{\"topic\": \"monitored\"}", "Content-Type", "application/json");
    http.get("/stats");
    http.get("/searches?limit=none");
    System.gc();
  }

  private boolean isAnswered(URI prometheus, String query) {
    JsonNode answer =
        get(prometheus, "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    assertThat(answer.get("status").getStringValue()).as(query).isEqualTo("success");
    return answer.get("data").get("result").size() > 0;
  }

  private JsonNode get(URI prometheus, String path) {
    try {
      return json.readValue(HttpCalls.get(prometheus, path).body(), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is starting
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the queries of the dashboard, as Grafana sends them. */
  private List<String> queries() throws IOException {
    JsonNode dashboard =
        json.readValue(Files.readString(OPS.resolve("grafana/lastword.json")), JsonNode.class);
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels").values()) {
      JsonNode targets = panel.get("targets");
      if (targets != null) {
        targets.values().forEach(target -> queries.add(target.get("expr").getStringValue()));
      }
    }
    return queries.stream()
        .map(query -> query.replace("$__rate_interval", "10s").replace("$tenant", ".*"))
        .toList();
  }

  private static int alerts() throws IOException {
    return (int) Files.readString(RULES).lines().filter(line -> line.contains("- alert:")).count();
  }

  @Test
  void allMetricsOfTheAlertsExist() throws IOException {
    work();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.get("/metrics").body().contains("lastword_promotion_failures_total"));
    String metrics = http.get("/metrics").body();
    var used = new TreeSet<String>();
    for (String line : Files.readAllLines(RULES)) {
      if (line.strip().startsWith("expr:")) {
        METRIC.matcher(line).results().map(MatchResult::group).forEach(used::add);
      }
    }
    assertThat(used).hasSizeGreaterThan(10);
    for (String name : used) {
      String source = CONDITIONAL.get(name);
      if (source == null) {
        assertThat(metrics).containsPattern("(?m)^" + name + "[{ ]");
      } else {
        String meter = name.replaceFirst("_seconds$", "").replace('_', '.');
        assertThat(Path.of("src/main/java/dev/lastword").resolve(source))
            .content()
            .contains("\"" + meter + "\"");
      }
    }
  }
}
