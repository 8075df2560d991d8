package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.ApiDocument;
import dev.lastword.ApiDocument.Call;
import dev.lastword.HttpCalls;
import dev.lastword.stream.StreamClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tries each call of the document with the key of another tenant, and with all that is known about
 * the first one's rows. A new call is tried without a change here.
 */
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "200ms")
@Property(name = "lastword.rest", value = "100ms")
class TenantIsolationTest {

  /** A part of each text of the first tenant. */
  private static final String SECRET = "zyxomma";

  private static final String TODAY = LocalDate.now(ZoneOffset.UTC).toString();
  private static final String YESTERDAY = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
  private static final String TOMORROW = LocalDate.now(ZoneOffset.UTC).plusDays(1).toString();

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;
  @Inject EmbeddedServer server;
  @Inject MeterRegistry meters;

  private String owner = "";
  private String other = "";
  private String ownersKeyId = "";

  @BeforeEach
  void fill() {
    if (tenants.find("owner").isEmpty()) {
      tenants.create("test", "owner");
      tenants.create("test", "other");
    }
    owner = create("owner");
    other = create("other");
    for (int i = 0; i < 3; i++) {
      post(
          "/log",
          """
          {"keyword": "%1$s search %2$d", "session_id": "%1$s-session-%2$d", "user_id": "%1$s-user", "submitted": true}
          """
              .formatted(SECRET, i));
    }
    post(
        "/events",
        """
        [{"topic": "%1$s-topic", "event_id": "%1$s-1", "user_id": "%1$s-user", "value": 7, "message": "%1$s message"},
         {"topic": "%1$s-topic", "event_id": "%1$s-2", "source": "%1$s-source", "payload": {"a": "%1$s"}},
         {"topic": "%1$s-topic", "value": {"no": "number"}}]
        """
            .formatted(SECRET));
    await().until(() -> get("/searches", owner).get("items").size() >= 3);
  }

  private String create(String tenant) {
    Keys.Created created =
        keys.create(
            "test",
            tenants.find(tenant).orElseThrow(),
            EnumSet.allOf(Scope.class),
            KeyRestrictions.NONE,
            false,
            SECRET.substring(0, tenant.equals("owner") ? SECRET.length() : 1),
            null);
    if (tenant.equals("owner")) {
      ownersKeyId = created.key().id();
    }
    return created.text();
  }

  private void post(String path, String body) {
    HttpResponse<String> answer =
        http.post(path, body, "Content-Type", "application/json", "X-API-Key", owner);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private JsonNode get(String path, String key) {
    return http.json(http.get(path, "X-API-Key", key));
  }

  /** Values of parameters, each naming something of the first tenant. */
  private List<Map<String, String>> values() {
    Map<String, String> names = new HashMap<>();
    names.put("topic", SECRET + "-topic");
    names.put("source", SECRET + "-source");
    names.put("user_id", SECRET + "-user");
    names.put("session_id", SECRET + "-session-1");
    names.put("q", SECRET);
    names.put("starts_with", SECRET);
    names.put("keyword", SECRET + " search 1");
    names.put("tenant", "owner");
    List<Map<String, String>> tried = new ArrayList<>();
    tried.add(Map.of());
    names.forEach((name, value) -> tried.add(Map.of(name, value)));
    tried.add(Map.of("from", YESTERDAY, "to", TOMORROW));
    tried.add(Map.of("keyword", SECRET + " search 1", "from", TODAY, "to", TODAY));
    tried.add(
        Map.of("cursor", get("/searches?limit=1", owner).get("next_cursor").getStringValue()));
    tried.add(Map.of("cursor", get("/events?limit=1", owner).get("next_cursor").getStringValue()));
    tried.add(Map.of("cursor", ownersKeyId));
    List<Map<String, String>> complete = new ArrayList<>();
    for (Map<String, String> some : tried) {
      Map<String, String> all = new HashMap<>(some);
      all.put("id", ownersKeyId);
      all.put("selector", "liveness");
      complete.add(all);
    }
    return complete;
  }

  @Test
  void noCallAnswersAnotherTenantWithAnythingOfTheFirst() {
    int revealing = 0;
    for (Call call : ApiDocument.calls(http)) {
      if (call.path().endsWith("/stream")) {
        continue;
      }
      for (Map<String, String> values : values()) {
        String url = call.url(values);
        for (String accept : List.of("*/*", "text/csv")) {
          HttpResponse<String> answer = send(call, url, other, accept);
          assertThat(answer.statusCode()).as(call + " " + url).isLessThan(500);
          assertThat(withoutEcho(answer.body(), values))
              .as(call + " " + url)
              .doesNotContain(SECRET);
          assertThat(answer.headers().map().toString()).as(url).doesNotContain(SECRET);
          if (call.reads() && send(call, url, owner, accept).body().contains(SECRET)) {
            revealing++;
          }
        }
      }
    }
    // Otherwise this test would prove nothing.
    assertThat(revealing).isGreaterThan(50);
    assertThat(keys.find(ownersKeyId).orElseThrow().state()).isEqualTo(ApiKey.State.ACTIVE);
  }

  private HttpResponse<String> send(Call call, String url, String key, String accept) {
    String body = call.reads() || call.method().equals("DELETE") ? null : "{}";
    return http.send(
        call.method(),
        url,
        body,
        "X-API-Key",
        key,
        "Accept",
        accept,
        "Content-Type",
        "application/json");
  }

  /** An error may repeat a parameter, which the client knows. */
  private static String withoutEcho(String body, Map<String, String> values) {
    String rest = body;
    for (String value : values.values()) {
      rest = rest.replace(value, "");
    }
    return rest;
  }

  @Test
  void countsOfAnotherTenantAreZero() {
    tenants.create("test", "empty");
    String empty = create("empty");
    assertThat(http.get("/events/count", "X-API-Key", empty).body()).isEqualTo("0");
    JsonNode totals = get("/stats", empty);
    for (String count :
        List.of("staged", "promoted", "keystrokes_logged", "received", "rejected")) {
      assertThat(totals.get(count).getLongValue()).as(count).isZero();
    }
    // The counts of the node are those of all tenants.
    assertThat(totals.get("node").isNull()).isTrue();
    assertThat(totals.get("promoter").isNull()).isTrue();
    assertThat(get("/stats", owner).get("promoted").getLongValue()).isPositive();
  }

  @Test
  void whatATenantSendsIsCountedUnderItsLabel() {
    String label = Integer.toString(tenants.find("owner").orElseThrow().id());
    for (String name :
        List.of(
            "lastword.keystrokes.received",
            "lastword.keystrokes.staged",
            "events.received",
            "events.ingested",
            "events.failed")) {
      assertThat(counted(name, label)).as(name).isPositive();
    }
    await().until(() -> counted("lastword.searches.promoted", label) >= 3);
    for (String name : List.of("lastword.keystrokes.received", "events.ingested")) {
      assertThat(counted(name, Integer.toString(Tenant.DEFAULT_ID))).as(name).isZero();
    }
  }

  private double counted(String name, String tenant) {
    return meters.get(name).tag("tenant", tenant).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void anEventIdIsKnownToItsTenantAlone() {
    String event = "{\"topic\": \"%1$s-topic\", \"event_id\": \"%1$s-1\"}".formatted(SECRET);
    HttpResponse<String> answer =
        http.post(
            "/events?on_duplicate=conflict",
            event,
            "Content-Type",
            "application/json",
            "X-API-Key",
            create("owner"));
    assertThat(answer.statusCode()).isEqualTo(409);
    tenants.create("test", "third");
    answer =
        http.post(
            "/events?on_duplicate=conflict",
            event,
            "Content-Type",
            "application/json",
            "X-API-Key",
            keys.create(
                    "test",
                    tenants.find("third").orElseThrow(),
                    EnumSet.of(Scope.WRITE),
                    KeyRestrictions.NONE,
                    false,
                    "",
                    null)
                .text());
    assertThat(answer.statusCode()).isEqualTo(202);
  }

  @Test
  void anIdempotencyKeyIsKnownToItsTenantAlone() {
    String[] events = {"{\"topic\": \"a\", \"value\": 1}", "{\"topic\": \"b\", \"value\": 2}"};
    String idempotencyKey = "key-" + System.nanoTime();
    String[] callers = {owner, other};
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer =
          http.post(
              "/ingest",
              events[i],
              "Content-Type",
              "application/json",
              "Idempotency-Key",
              idempotencyKey,
              "X-API-Key",
              callers[i]);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
  }

  @Test
  void aStreamHasTheRowsOfItsTenantAlone() {
    try (var ofOwner = stream(owner);
        var ofOther = stream(other)) {
      post(
          "/log",
          "{\"keyword\": \"%s live\", \"session_id\": \"live\", \"submitted\": true}"
              .formatted(SECRET));
      http.post(
          "/log",
          "{\"keyword\": \"mine\", \"session_id\": \"live\", \"submitted\": true}",
          "Content-Type",
          "application/json",
          "X-API-Key",
          other);
      // Rows from before may come first.
      String row;
      do {
        row = String.valueOf(ofOwner.row().data());
        assertThat(row).contains(SECRET);
      } while (!row.contains(SECRET + " live"));
      assertThat(ofOther.row().data()).contains("\"mine\"");
    }
  }

  private StreamClient stream(String key) {
    return StreamClient.open(server.getURI(), "/searches/stream", null, "X-API-Key", key);
  }
}
