package dev.lastword.search;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.runtime.server.EmbeddedServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Two nodes on one database: whichever takes a keystroke and whichever promotes, each search is
 * logged once.
 */
class TwoNodesTest {
  private final String url = TestDatabase.create();

  private EmbeddedServer node() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.debounce", "1500ms");
    settings.put("lastword.port", -1);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  @Test
  void aSessionThatHopsBetweenNodesIsOneSearch() throws Exception {
    try (EmbeddedServer one = node();
        EmbeddedServer other = node()) {
      EmbeddedServer[] nodes = {one, other};
      var typists = Executors.newFixedThreadPool(8);
      try {
        List<Future<?>> typing =
            IntStream.range(0, 40)
                .<Future<?>>mapToObj(
                    typist ->
                        typists.submit(
                            (Callable<Void>)
                                () -> {
                                  String text = "Busines" + typist;
                                  for (int end = 1; end <= text.length(); end++) {
                                    type(
                                        nodes[(typist + end) % 2],
                                        "hop-" + typist,
                                        text.substring(0, end));
                                  }
                                  return null;
                                }))
                .toList();
        for (Future<?> typed : typing) {
          typed.get();
        }
      } finally {
        typists.shutdown();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_staging WHERE bucket < 64") == 0);
      assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isEqualTo(40);
      assertThat(
              number(
                  url,
                  "SELECT COUNT(DISTINCT session_id) FROM search_log WHERE keyword LIKE 'Busines_%'"))
          .isEqualTo(40);
    }
  }

  @Test
  void whenTheNodeThatPromotesEndsTheOtherTakesOver() throws Exception {
    try (EmbeddedServer one = node()) {
      EmbeddedServer other = node();
      type(other, "left", "Busines");
      other.close();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_log") == 1);
      type(one, "stayed", "Busines");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_log") == 2);
    }
  }

  @Test
  void aPromotionThatFailsKeepsTheRowsAndIsSeen() throws Exception {
    try (EmbeddedServer node = node()) {
      execute("RENAME TABLE feed_outbox TO feed_outbox_gone");
      type(node, "s", "Busines");
      PromotionHealth health = node.getApplicationContext().getBean(PromotionHealth.class);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> result(health).getStatus().equals(PromotionHealth.DEGRADED));
      var whole = HttpCalls.getAsync(node, "/health").join();
      assertThat(whole.body()).startsWith("{\"name\":\"lastword\",\"status\":\"DEGRADED\"");
      assertThat(whole.statusCode()).isEqualTo(200);
      var readiness = HttpCalls.getAsync(node, "/health/readiness").join();
      assertThat(readiness.statusCode()).as("it takes keystrokes").isEqualTo(200);
      assertThat(number(url, "SELECT COUNT(*) FROM search_staging WHERE bucket < 64")).isEqualTo(1);
      assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isZero();
      execute("RENAME TABLE feed_outbox_gone TO feed_outbox");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_log") == 1);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> result(health).getStatus().equals(HealthStatus.UP));
    }
  }

  @Test
  void searchesThatWaitForLongAreSeenAlthoughNothingFails() throws Exception {
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length, last_seen)
        VALUES (5, 1, 'held', 'busines', 'busines', 7, 7, UTC_TIMESTAMP(3) - INTERVAL 1 HOUR)
        """);
    try (var connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      // Another transaction holds the row, so promotion skips it.
      connection
          .createStatement()
          .executeQuery("SELECT keyword FROM search_staging WHERE bucket = 5 FOR UPDATE");
      try (EmbeddedServer node = node()) {
        PromotionHealth health = node.getApplicationContext().getBean(PromotionHealth.class);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> result(health).getStatus().equals(PromotionHealth.DEGRADED));
        assertThat(result(health).getDetails().toString())
            .containsPattern("searches wait for 3[56]\\d\\d s");
        connection.commit();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> result(health).getStatus().equals(HealthStatus.UP));
        assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isEqualTo(1);
      }
    }
  }

  private static HealthResult result(PromotionHealth health) {
    return Objects.requireNonNull(Mono.from(health.getResult()).block());
  }

  private static void type(EmbeddedServer node, String session, String text) {
    String keystroke = "{\"session_id\":\"%s\",\"keyword\":\"%s\"}".formatted(session, text);
    assertThat(HttpCalls.postAsync(node, "/log", keystroke).join().statusCode()).isEqualTo(202);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      connection.createStatement().execute(sql);
    }
  }
}
