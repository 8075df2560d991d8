package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.fault.FaultyProxy;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit succeeds, but its answer never reaches the node. */
class LostAnswerTest {
  private final String url = TestDatabase.create();
  private FaultyProxy wire;
  private EmbeddedServer node;
  private ApplicationContext other;

  @BeforeEach
  void start() throws IOException {
    wire = new FaultyProxy(url);
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
    settings.put("lastword.lanes", 1);
    return settings;
  }

  @Test
  void aSubmittedKeystrokeThatAnotherNodePromotesMeanwhileIsLoggedOnce() throws Exception {
    assertThat(
            HttpCalls.postAsync(node, "/log", "{\"session_id\":\"s\",\"keyword\":\"busines\"}")
                .join()
                .statusCode())
        .isEqualTo(202);
    wire.holdAnswersTo("business");
    var answer =
        HttpCalls.postAsync(
            node, "/log", "{\"session_id\":\"s\",\"keyword\":\"business\",\"submitted\":true}");
    await().until(wire::holdsAnAnswer);
    other.getBean(Promoter.class).promote(new StagingScan());
    TypedSession typed = typed();
    assertThat(typed.logged()).containsExactly("business");
    wire.breakConnections();
    assertThat(answer.join().statusCode()).isEqualTo(202);
    assertThat(typed.isStaged()).isFalse();
    other.getBean(Promoter.class).promote(new StagingScan());
    assertThat(typed.logged()).containsExactly("business");
  }

  @Test
  void eventsAreStoredAndCountedOnce() throws Exception {
    wire.holdAnswersTo("COMMIT");
    var answer =
        HttpCalls.postAsync(
            node,
            "/events",
            """
            [{"topic":"t","event_id":"1"},{"topic":"t"},{"topic":"t","event_id":"1"},{"topic":"t","value":"x"}]
            """);
    await().until(wire::holdsAnAnswer);
    wire.breakConnections();
    assertThat(answer.join().statusCode()).isEqualTo(202);
    assertThat(answer.join().body()).contains("\"accepted\":2,", "\"duplicates\":1,");
    assertThat(numbers("SELECT COUNT(*) FROM event_log")).containsExactly(2L);
    assertThat(numbers("SELECT SUM(events), SUM(duplicates), SUM(rejected) FROM daily_topic"))
        .containsExactly(2L, 1L, 1L);
  }

  private List<Long> numbers(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var row = connection.createStatement().executeQuery(sql)) {
      row.next();
      List<Long> numbers = new ArrayList<>();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        numbers.add(row.getLong(i));
      }
      return numbers;
    }
  }

  private TypedSession typed() {
    return new TypedSession(
        other.getBean(DataSource.class), other.getBean(StagingRepository.class), "s");
  }
}
