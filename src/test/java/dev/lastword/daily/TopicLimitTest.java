package dev.lastword.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.rollup.Logs;
import dev.lastword.rollup.Recount;
import io.micronaut.context.ApplicationContext;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that count three topics of a day by name, and a database of their own. */
class TopicLimitTest {
  private static final String DAY = "2025-03-04";

  private String url;
  private EmbeddedServer node;
  private EmbeddedServer other;

  @BeforeEach
  void start() throws SQLException {
    url = TestDatabase.create();
    node = run();
    other = run();
  }

  private EmbeddedServer run() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.topics-per-day", 3);
    settings.put("lastword.promotion.enabled", false);
    settings.put("micronaut.server.port", -1);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  /** The counts agree with the logs, whatever a test did, and a recount changes nothing. */
  @AfterEach
  void countsAgree() throws SQLException {
    Logs.assertDoctorAgrees(url);
    List<String> counts = counts();
    Recount recount = node.getApplicationContext().getBean(Recount.class);
    recount.days().forEach(recount::day);
    assertThat(counts()).isEqualTo(counts);
    Logs.assertDoctorAgrees(url);
    node.close();
    other.close();
  }

  private List<String> counts() throws SQLException {
    List<String> counts = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT day, topic, SUM(events), SUM(duplicates), SUM(rejected), SUM(value_sum), MIN(value_min), MAX(value_max)
                FROM daily_topic GROUP BY day, topic ORDER BY day, topic
                """)) {
      while (rows.next()) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
          texts.add(String.valueOf(rows.getString(i)).replace(".000000000", ""));
        }
        counts.add(String.join(" ", texts));
      }
    }
    return counts;
  }

  private static String event(String day, String topic, String id, String user, int value) {
    return "{\"topic\": \"%s\", \"event_id\": \"%s\", \"user_id\": \"%s\", \"value\": %d, \"occurred_at\": \"%sT10:00:00Z\"}"
        .formatted(topic, id, user, value, day);
  }

  private static void post(EmbeddedServer node, String... events) {
    HttpResponse<String> answer =
        HttpCalls.postAsync(node, "/events", "[" + String.join(",", events) + "]").join();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private JsonNode get(String path) {
    HttpCalls http = node.getApplicationContext().getBean(HttpCalls.class);
    return http.json(http.get(path));
  }

  @Test
  void aTopicBeyondTheLimitOfItsDayIsCountedAsOther() throws SQLException {
    for (String topic : List.of("a", "b", "c", "d", "e")) {
      post(node, event(DAY, topic, "1", topic, 10));
    }
    post(node, event(DAY, "a", "2", "u", 1), event(DAY, "e", "2", "u", 2));
    post(node, event("2025-03-05", "e", "3", "u", 5));
    assertThat(counts())
        .containsExactly(
            DAY + " a 2 0 0 11 1 10",
            DAY + " b 1 0 0 10 10 10",
            DAY + " c 1 0 0 10 10 10",
            DAY + " other 3 0 0 22 2 10",
            "2025-03-05 e 1 0 0 5 5 5");
    // The log has the topics that were sent.
    assertThat(get("/events?topic=e").get("items").size()).isEqualTo(3);
    assertThat(get("/events?topic=other").get("items").size()).isZero();
  }

  @Test
  void whatOneBatchHasBeyondTheLimitIsCountedAsOther() throws SQLException {
    String[] events =
        IntStream.range(0, 5)
            .mapToObj(i -> event(DAY, "t" + i, "1", "u", i))
            .toArray(String[]::new);
    post(node, events);
    assertThat(counts())
        .extracting(count -> count.split(" ")[1] + count.split(" ")[2])
        .hasSize(4)
        .startsWith("other2");
  }

  @Test
  void anotherNodeKeepsTheTopicsThatHaveACount() throws SQLException {
    post(node, event(DAY, "a", "1", "u", 1), event(DAY, "b", "1", "u", 1));
    post(other, event(DAY, "c", "1", "u", 1));
    post(other, event(DAY, "d", "1", "u", 1));
    post(other, event(DAY, "a", "2", "u", 1), event(DAY, "d", "2", "u", 1));
    post(node, event(DAY, "c", "2", "u", 1), event(DAY, "d", "3", "u", 1));
    assertThat(counts())
        .containsExactly(
            DAY + " a 2 0 0 2 1 1",
            DAY + " b 1 0 0 1 1 1",
            DAY + " c 2 0 0 2 1 1",
            DAY + " other 3 0 0 3 1 1");
  }

  @Test
  void duplicatesAndRejectedEventsOfSuchTopicsAreCountedAsOther() throws SQLException {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    for (String topic : List.of("a", "b", "c", "d")) {
      post(node, event(today, topic, "1", "u", 1));
    }
    post(node, event(today, "d", "1", "u", 1), "{\"topic\": \"z\", \"value\": \"much\"}");
    assertThat(counts()).filteredOn(count -> count.startsWith(today + " other")).hasSize(1);
    assertThat(counts()).contains(today + " other 1 1 1 1 1 1");
  }

  @Test
  void answersOfAllTimeZonesCountTheSameEvents() {
    for (String topic : List.of("a", "b", "c", "d", "e")) {
      post(node, event(DAY, topic, "1", "user of " + topic, 10));
    }
    for (String zone : List.of("UTC", "Europe/Berlin", "America/New_York")) {
      String days = "from=%s&to=%s&tz=%s".formatted(DAY, DAY, zone);
      assertThat(csv("/stats/top-events?" + days)).as(zone).contains("other,2", "a,1", "c,1");
      Map.of("a", 1, "d", 0, "other", 2)
          .forEach(
              (topic, count) -> {
                String of = days + "&topic=" + topic;
                assertThat(csv("/stats/dau?" + of)).as(of).contains(DAY + "," + count);
                assertThat(csv("/stats/aggregate?fn=count&" + of))
                    .as(of)
                    .contains(DAY + "," + count);
              });
    }
  }

  private String csv(String path) {
    return HttpCalls.getAsync(node, path, "Accept", "text/csv").join().body();
  }

  @Test
  void eventsOfAnErasedUserAreTakenOutOfOther() throws SQLException {
    for (String topic : List.of("a", "b", "c", "d", "e")) {
      post(node, event(DAY, topic, "1", topic.equals("d") ? "ann" : "bob", topic.charAt(0)));
    }
    assertThat(counts()).contains(DAY + " other 2 0 0 201 100 101");
    HttpCalls http = node.getApplicationContext().getBean(HttpCalls.class);
    assertThat(http.call("DELETE", "/users/ann").statusCode()).isEqualTo(200);
    assertThat(counts()).contains(DAY + " other 1 0 0 101 101 101");
  }
}
