package dev.lastword.commit;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what happens while another node is frozen in a transaction and holds locks. */
class LockedRowsTest {
  private final String url = TestDatabase.create();
  private EmbeddedServer node;
  private Connection frozen;

  @BeforeEach
  void start() throws SQLException {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    settings.put("lastword.max-wait", "20s");
    settings.put("lastword.lanes", 1);
    node = ApplicationContext.run(EmbeddedServer.class, settings);
    frozen = DriverManager.getConnection(url);
    frozen.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    frozen.setAutoCommit(false);
  }

  @AfterEach
  void stop() throws SQLException {
    frozen.close();
    node.close();
  }

  @Test
  void aLockedSessionWaitsAloneAndLosesNothing() throws SQLException {
    assertAccepted(List.of(keystroke("locked", "b")));
    hold("SELECT * FROM search_staging WHERE session_id = 'locked' FOR UPDATE");
    var waiting = List.of(keystroke("locked", "be"), keystroke("locked", "ber"));
    assertAccepted(IntStream.range(0, 50).mapToObj(i -> keystroke("s" + i, "x")).toList());
    waiting.forEach(answer -> assertThat(answer).isNotDone());
    frozen.rollback();
    assertAccepted(waiting);
    assertThat(number(url, "SELECT keystrokes FROM search_staging WHERE session_id = 'locked'"))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM daily_topic WHERE topic = 'locked' FOR UPDATE",
        // Like an ingest that froze before its commit.
        "UPDATE daily_topic SET events = events + 1 WHERE topic = 'locked'"
      })
  void aLockedDailyCountStopsOnlyItsTopic(String lock) throws SQLException {
    for (int i = 0; i < 100; i++) { // so that all eight rows exist
      assertAccepted(List.of(event("locked", "e" + i)));
    }
    hold(lock);
    var waiting = IntStream.range(0, 20).mapToObj(i -> event("locked", "w" + i)).toList();
    assertAccepted(IntStream.range(0, 50).mapToObj(i -> event("t" + i, "e")).toList());
    waiting.forEach(answer -> assertThat(answer).isNotDone());
    frozen.rollback();
    assertAccepted(waiting);
    assertThat(number(url, "SELECT SUM(events) FROM daily_topic WHERE topic = 'locked'"))
        .isEqualTo(120);
  }

  @Test
  void anEventThatAnotherNodeIsStoringWaitsAlone() throws SQLException {
    assertAccepted(List.of(event("t", "first")));
    hold(
        """
        INSERT INTO event_key
        SELECT * FROM (SELECT k.* FROM event_key AS k WHERE event_id = 'first') AS copied
        ON DUPLICATE KEY UPDATE content = VALUES(content)
        """);
    var waiting = event("t", "first");
    assertAccepted(IntStream.range(0, 50).mapToObj(i -> event("t", "e" + i)).toList());
    assertThat(waiting).isNotDone();
    frozen.rollback();
    assertAccepted(List.of(waiting));
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(51);
    assertThat(number(url, "SELECT SUM(duplicates) FROM daily_topic")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lanes", "default"})
  void writersWaitAndAreIdleForSecondsOnly(String pool) throws SQLException {
    DataSource database =
        DelegatingDataSource.unwrapDataSource(
            node.getApplicationContext().getBean(DataSource.class, Qualifiers.byName(pool)));
    try (Connection connection = database.getConnection();
        var row =
            connection
                .createStatement()
                .executeQuery("SELECT @@innodb_lock_wait_timeout, @@wait_timeout")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(1);
      assertThat(row.getInt(2)).isEqualTo(20);
    }
  }

  private void hold(String sql) throws SQLException {
    try (var statement = frozen.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void assertAccepted(List<CompletableFuture<HttpResponse<String>>> answers) {
    answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(202));
  }

  private CompletableFuture<HttpResponse<String>> keystroke(String session, String text) {
    return HttpCalls.postAsync(
        node, "/log", "{\"session_id\":\"%s\",\"keyword\":\"%s\"}".formatted(session, text));
  }

  private CompletableFuture<HttpResponse<String>> event(String topic, String id) {
    return HttpCalls.postAsync(
        node, "/events", "{\"topic\":\"%s\",\"event_id\":\"%s\"}".formatted(topic, id));
  }
}
