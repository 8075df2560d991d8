package dev.lastword.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import dev.lastword.http.TimeRange;
import dev.lastword.query.Rows;
import dev.lastword.rollup.Logs;
import dev.lastword.stream.StreamClient;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "1h")
@Property(name = "lastword.rest", value = "10ms")
@Timeout(180)
class ErasureTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject HttpCalls http;
  @Inject EmbeddedServer server;
  @Inject Erasures erasures;
  @Inject Tenants tenants;
  @Inject Rows rows;

  @Value("${lastword.db.url}")
  String url;

  @BeforeEach
  void clear() {
    rows.clear();
  }

  /** The counts agree with the logs, whatever a test did. */
  @AfterEach
  void countsAgree() {
    Logs.assertDoctorAgrees(url);
  }

  private void type(String session, String user, String keyword, boolean submitted) {
    post(
        "/log",
        "{\"session_id\": \"%s\", \"user_id\": \"%s\", \"keyword\": \"%s\", \"submitted\": %s}"
            .formatted(session, user, keyword, submitted));
  }

  private HttpResponse<String> post(String path, String body, String... more) {
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    headers.addAll(List.of(more));
    HttpResponse<String> answer = http.post(path, body, headers.toArray(String[]::new));
    assertThat(answer.statusCode()).as(answer.body()).isIn(202, 409);
    return answer;
  }

  private JsonNode erase(String user, String parameters) {
    HttpResponse<String> answer = http.call("DELETE", "/users/" + user + parameters);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode receipt = http.json(answer);
    assertThat(receipt.get("state").getStringValue()).isEqualTo("finished");
    return receipt;
  }

  private int logged(String path) {
    return http.json(http.get(path)).get("items").size();
  }

  private void awaitSearches(String user, int count) {
    await().atMost(PATIENCE).until(() -> logged("/searches?user_id=" + user) == count);
  }

  /** Returns the columns of all tables in which a text occurs. */
  private List<String> occurrences(String text) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url)) {
      List<String[]> columns = new ArrayList<>();
      try (var statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  """
                  SELECT c.table_name AS t, c.column_name AS c FROM information_schema.columns c
                  JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
                  WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
                    AND c.data_type IN ('varchar', 'char', 'text', 'mediumtext', 'longtext', 'json', 'blob', 'mediumblob')
                  """)) {
        while (row.next()) {
          columns.add(new String[] {row.getString("t"), row.getString("c")});
        }
      }
      assertThat(columns).hasSizeGreaterThan(40);
      for (String[] column : columns) {
        try (var statement =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM `%s` WHERE CAST(`%s` AS CHAR) LIKE ?"
                    .formatted(column[0], column[1]))) {
          statement.setString(1, "%" + text + "%");
          ResultSet count = statement.executeQuery();
          count.next();
          if (count.getLong(1) > 0) {
            found.add(column[0] + "." + column[1]);
          }
        }
      }
    }
    return found;
  }

  @Test
  void aUserLeavesNoTraceAndOthersStay() throws SQLException {
    for (int i = 0; i < 3; i++) {
      type("s" + i, "zoe17", "zoe17 searches " + i, true);
    }
    type("s9", "bob", "shoes", true);
    awaitSearches("zoe17", 3);
    awaitSearches("bob", 1);
    type("s0", "zoe17", "zoe17 searches 0", true); // amends the first one
    await()
        .atMost(PATIENCE)
        .until(() -> http.get("/searches?user_id=zoe17").body().contains("\"revision\":1"));
    type("s10", "zoe17", "zoe17 is typing", false);
    type("s11", "zoe17", "zoe17 was here", false);
    type("s11", "bob", "bob is typing", false);
    String events =
        """
        [{"topic": "buy", "event_id": "zoe17-1", "user_id": "zoe17", "value": 1, "payload": {"a": "zoe17"}},
         {"topic": "buy", "event_id": "zoe17-2", "user_id": "zoe17", "value": 99, "message": "zoe17"},
         {"topic": "only", "event_id": "zoe17-3", "user_id": "zoe17"},
         {"topic": "buy", "event_id": "b-1", "user_id": "bob", "value": 7},
         {"topic": "buy", "event_id": "b-2", "user_id": "bob", "value": 5}]
        """;
    post("/events", events);
    // Its answer lists the events.
    post("/events?on_duplicate=conflict", events, "Idempotency-Key", "k-1");
    post(
        "/events?on_duplicate=conflict",
        "[{\"topic\": \"buy\", \"event_id\": \"b-1\"}]",
        "Idempotency-Key",
        "k-2");
    for (String user : List.of("zoe17", "bob")) {
      rows.execute(
          """
          INSERT INTO rejected_event (bucket, tenant_id, id, rejected_at, topic, event_id, reason, event)
          VALUES (3, 1, ?, UTC_TIMESTAMP(3), 't', ?, 'test', ?)
          """,
          user.hashCode(),
          user,
          "{\"topic\": \"t\", \"event_id\": \"%s\", \"user_id\": \"%s\"}".formatted(user, user));
    }
    assertThat(http.get("/stats/dau").body()).contains("\"active_users\":2");
    assertThat(occurrences("zoe17")).hasSizeGreaterThan(10);

    JsonNode erased = erase("zoe17", "").get("erased");

    assertThat(erased.get("staged").getIntValue()).isEqualTo(2);
    assertThat(erased.get("searches").getIntValue()).isEqualTo(3);
    assertThat(erased.get("events").getIntValue()).isEqualTo(3);
    assertThat(erased.get("dead_letters").getIntValue()).isEqualTo(1);
    assertThat(erased.get("answers").getIntValue()).isEqualTo(1);
    // Of any activity, searches, events, and two topics.
    assertThat(erased.get("active_days").getIntValue()).isEqualTo(5);
    assertThat(occurrences("zoe17")).isEmpty();

    assertThat(http.get("/stats/dau").body()).contains("\"active_users\":1");
    assertThat(http.get("/stats/top-searches").body()).contains("shoes").doesNotContain("zoe17");
    assertThat(http.get("/stats/top-events").body()).contains("buy").doesNotContain("only");
    assertThat(http.get("/stats/aggregate?topic=buy&fn=min").body()).contains("\"value\":5");
    assertThat(http.get("/stats/aggregate?topic=buy&fn=max").body()).contains("\"value\":7");
    assertThat(logged("/searches?user_id=bob")).isEqualTo(1);
    assertThat(logged("/events?user_id=bob")).isEqualTo(2);
    assertThat(http.get("/searches/staged").body()).contains("bob is typing");
    assertThat(
            post(
                    "/events?on_duplicate=conflict",
                    "[{\"topic\": \"buy\", \"event_id\": \"b-1\"}]",
                    "Idempotency-Key",
                    "k-2")
                .headers()
                .firstValue("Idempotency-Replayed"))
        .hasValue("true");

    // What comes later is new.
    assertThat(post("/events", events).body()).contains("\"accepted\":3,\"duplicates\":2");
    type("s10", "zoe17", "zoe17 again", true);
    awaitSearches("zoe17", 1);
    assertThat(http.get("/stats/dau").body()).contains("\"active_users\":2");
    assertThat(erase("zoe17", "").get("erased").get("events").getIntValue()).isEqualTo(3);
    assertThat(occurrences("zoe17")).isEmpty();
    assertThat(http.get("/admin/audit").body()).contains("\"action\":\"user.erase\"");
  }

  @Test
  void ofATimeRangeOnlyThatIsErased() {
    StringBuilder events = new StringBuilder("[");
    for (int day = 1; day <= 5; day++) {
      for (String hour : List.of("03", "21")) {
        events.append(
            "%s{\"topic\": \"range\", \"user_id\": \"ray\", \"value\": %d, \"occurred_at\": \"2026-03-0%dT%s:00:00Z\"}"
                .formatted(day == 1 && hour.equals("03") ? "" : ",", day, day, hour));
      }
    }
    post("/events", events + "]");
    JsonNode receipt = erase("ray", "?from=2026-03-02T12:00:00Z&to=2026-03-05");
    assertThat(receipt.get("from").getStringValue()).startsWith("2026-03-02T12:00:00");
    assertThat(receipt.get("erased").get("events").getIntValue()).isEqualTo(5);
    // Two days without a row are left, in the sets of any activity, events and the topic.
    assertThat(receipt.get("erased").get("active_days").getIntValue()).isEqualTo(6);
    assertThat(http.csv("/stats/dau?from=2026-03-01&to=2026-03-05&kind=events&topic=range"))
        .containsExactly(
            "date,active_users",
            "2026-03-01,1",
            "2026-03-02,1",
            "2026-03-03,0",
            "2026-03-04,0",
            "2026-03-05,1");
    assertThat(erase("ray", "?from=2026-03-01").get("erased").get("events").getIntValue())
        .isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "/users/%20, user_id must have 1 to 255 characters",
    "/users/a?from=x, from must be a date",
    "/users/a?from=2026-01-02&to=2026-01-01, from must not be later than to.",
    "/users/a?until=2026-01-02, Unknown parameter 'until'",
    "/users/a?tenant=none, There is no such tenant."
  })
  void aWrongRequestErasesNothing(String path, String detail) {
    HttpResponse<String> answer = http.call("DELETE", path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(detail);
  }

  @Test
  void anIdMayHaveAnyCharactersAndUpTo255() {
    String user = "a/b ü+%\"'" + "x".repeat(246);
    assertThat(user).hasSize(255);
    post(
        "/events",
        "[{\"topic\": \"odd\", \"user_id\": \"%s\"}]".formatted(user.replace("\"", "\\\"")));
    String encoded = URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(erase(encoded, "").get("erased").get("events").getIntValue()).isEqualTo(1);
    assertThat(http.call("DELETE", "/users/" + encoded + "x").statusCode()).isEqualTo(400);
  }

  @Test
  void anErasureThatWasInterruptedIsFinishedByTheJob() {
    post("/events", "[{\"topic\": \"job\", \"user_id\": \"jim\"}]");
    Tenant tenant = tenants.find(Tenant.DEFAULT).orElseThrow();
    long id = erasures.request("test", tenant, "jim", TimeRange.of(null, null));
    erasures.run(id, 1); // no time for more than a step
    await().atMost(PATIENCE).until(() -> erasures.find(id).orElseThrow().isFinished());
    assertThat(erasures.find(id).orElseThrow().erased().events()).isEqualTo(1);
    assertThat(logged("/events?user_id=jim")).isZero();
    assertThat(http.get("/admin/erasures/" + id).body()).contains("\"state\":\"finished\"");
    assertThat(http.get("/admin/erasures?limit=1").body()).contains("\"next_cursor\":\"");
    assertThat(http.get("/admin/erasures/0").statusCode()).isEqualTo(404);
  }

  @Test
  void whileTheUserIsActiveWhatCameBeforeIsErasedOnceAndTheRestStays() throws Exception {
    var stop = new AtomicBoolean();
    Set<String> answered = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      String writer = "w" + w;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  String name = writer + " " + i;
                  type(writer + "-" + i % 5, "busy", name, true);
                  post(
                      "/events",
                      "[{\"topic\": \"busy\", \"event_id\": \"%s\", \"user_id\": \"busy\", \"value\": %d}, {\"topic\": \"busy\", \"user_id\": \"other\", \"value\": %d}]"
                          .formatted(name, i % 50, i % 40));
                  answered.add(name);
                }
              }));
    }
    await().atMost(PATIENCE).until(() -> logged("/events?user_id=busy&limit=1000") > 300);
    await().atMost(PATIENCE).until(() -> logged("/searches?user_id=busy&limit=1000") > 30);
    List<String> before = List.copyOf(answered);
    List<CompletableFuture<JsonNode>> receipts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      receipts.add(CompletableFuture.supplyAsync(() -> erase("busy", "")));
    }
    List<JsonNode> done = receipts.stream().map(CompletableFuture::join).toList();
    await().atMost(PATIENCE).until(() -> logged("/events?user_id=busy") > 20);
    stop.set(true);
    writers.forEach(CompletableFuture::join);
    long erased =
        done.stream().mapToLong(one -> one.get("erased").get("events").getLongValue()).sum();
    long left = TestDatabase.number(url, "SELECT COUNT(*) FROM event_log WHERE user_id = 'busy'");
    long others =
        TestDatabase.number(url, "SELECT COUNT(*) FROM event_log WHERE user_id = 'other'");
    assertThat(erased).isGreaterThan(300);
    // Each request had one event of each.
    assertThat(erased + left).isEqualTo(others);
    String names = before.stream().collect(Collectors.joining("', '", "('", "')"));
    assertThat(
            TestDatabase.number(
                url,
                "SELECT COUNT(*) FROM event_log WHERE user_id = 'busy' AND event_id IN " + names))
        .isZero();
    assertThat(
            TestDatabase.number(url, "SELECT COUNT(*) FROM search_log WHERE keyword IN " + names))
        .isZero();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                TestDatabase.number(
                        url, "SELECT COUNT(*) FROM search_staging WHERE user_id = 'busy'")
                    == 0);
  }

  @Test
  void aStreamThatResumesHasNoErasedRows() throws Exception {
    try (StreamClient first =
        StreamClient.open(server.getURI(), "/events/stream?topic=streamed", null)) {
      post("/events", "[{\"topic\": \"streamed\", \"user_id\": \"ann\"}]");
      String start = first.row().id();
      post(
          "/events",
          "[{\"topic\": \"streamed\", \"user_id\": \"sue\"}, {\"topic\": \"streamed\", \"user_id\": \"tom\"}]");
      // In any order: they may be of two lanes.
      assertThat(first.row().data() + first.row().data()).contains("\"sue\"", "\"tom\"");
      erase("sue", "");
      post("/events", "[{\"topic\": \"streamed\", \"user_id\": \"uma\"}]");
      assertThat(first.row().data()).contains("\"uma\"");
      try (StreamClient second =
          StreamClient.open(server.getURI(), "/events/stream?topic=streamed", start)) {
        assertThat(second.row().data()).contains("\"tom\"");
        assertThat(second.row().data()).contains("\"uma\"");
      }
    }
  }
}
