package dev.lastword.query;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that hold all their connections block nothing else. */
@Timeout(60)
class ReadFloodTest {
  private static final int READERS = 40;

  private final String url = TestDatabase.create();

  @Test
  void ingestPromotionAndTheFeedContinue() throws Exception {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.debounce", "1s");
    settings.put("lastword.max-wait", "60s");
    List<Connection> held = new ArrayList<>();
    try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
      HikariDataSource reads = reads(node);
      assertThat(reads.getJdbcUrl()).contains("socketTimeout=15000");
      for (int i = 0; i < reads.getMaximumPoolSize(); i++) {
        held.add(reads.getConnection());
      }
      var answers =
          Stream.generate(() -> HttpCalls.getAsync(node, "/events?q=needle"))
              .limit(READERS)
              .toList();
      await().until(() -> reads.getHikariPoolMXBean().getThreadsAwaitingConnection() >= READERS);
      for (int i = 0; i < 20; i++) {
        String event = "{\"topic\":\"t\",\"event_id\":\"e%d\",\"message\":\"needle\"}".formatted(i);
        assertThat(HttpCalls.postAsync(node, "/events", event).join().statusCode()).isEqualTo(202);
      }
      String keystroke = "{\"session_id\":\"s\",\"keyword\":\"berlin\"}";
      assertThat(HttpCalls.postAsync(node, "/log", keystroke).join().statusCode()).isEqualTo(202);
      await().until(() -> number(url, "SELECT COUNT(*) FROM search_log") == 1);
      await().until(() -> number(url, "SELECT SUM(last_position) FROM feed_head") == 21);
      assertThat(answers).noneMatch(answer -> answer.isDone());
      for (Connection connection : held) {
        connection.close();
      }
      assertThat(answers).allMatch(answer -> answer.join().body().contains("needle"));
    }
  }

  private static HikariDataSource reads(EmbeddedServer node) {
    return (HikariDataSource)
        DelegatingDataSource.unwrapDataSource(
            node.getApplicationContext().getBean(DataSource.class, Qualifiers.byName("reads")));
  }
}
