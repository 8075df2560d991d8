package dev.lastword.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lastword.ApiDocument;
import dev.lastword.ApiDocument.Call;
import dev.lastword.HttpCalls;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Attacks a service that holds rows of another tenant. No attack may lead to a 500, to details of
 * the code or of the database, or to these rows.
 *
 * <p>Attacks with their own tests: bombs in gzip and snappy and broken compression in {@code
 * EventControllerTest}; slow requests, large heads and memory in {@code RequestArrivalTest}; forged
 * tokens in {@code TokenTest}; other tenants' ids and cursors in {@code TenantIsolationTest}.
 */
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "100ms")
@Property(name = "lastword.rest", value = "50ms")
@Property(name = "lastword.request-timeout", value = "2s")
@Property(name = "lastword.trusted-proxies", value = "127.0.0.1")
@Property(name = "lastword.rate-limit.address", value = "20/h")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class AttackTest {
  private static final String VICTIM = "kx9victim";
  private static final Set<String> STREAMS = Set.of("/searches/stream", "/events/stream");

  private static final List<String> TEXTS =
      List.of(
          "' OR '1'='1",
          "\" OR 1=1 #",
          "1; DROP TABLE search_log; --",
          "') UNION SELECT id, secret_hash FROM api_key -- ",
          "\\",
          "%",
          "_",
          "\u0000",
          "a\r\nSet-Cookie: evil=1",
          "../../../../etc/passwd",
          "${jndi:ldap://127.0.0.1:1/a}",
          "#{7*7}${7*7}",
          "<script>alert(1)</script>",
          "\ud83d\ude00\u202e\u0301",
          "9".repeat(400),
          "-1",
          "NaN",
          "1e999",
          "a".repeat(9_000));

  @Inject HttpCalls http;
  @Inject EmbeddedServer server;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private String victim = "";

  /** Of another tenant, with all scopes. */
  private String attacker = "";

  /** Of a tenant without rows, which may contain what others attack with. */
  private String bystander = "";

  private String reader = "";

  @BeforeAll
  void begin() {
    tenants.create("test", "victim");
    tenants.create("test", "attacker");
    victim = key("victim", EnumSet.allOf(Scope.class));
    tenants.create("test", "bystander");
    attacker = key("attacker", EnumSet.allOf(Scope.class));
    bystander = key("bystander", EnumSet.allOf(Scope.class));
    reader = key(Tenant.DEFAULT, EnumSet.of(Scope.READ));
    post("/log", VICTIM, victim);
    post("/log", VICTIM + "2", victim);
    post("/events", VICTIM, victim);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.get("/searches", "X-API-Key", victim).body().split(VICTIM).length > 4);
    log.start();
    root().addAppender(log);
  }

  /** No error of the program was logged, and neither a key nor a row of another tenant. */
  @AfterAll
  void end() {
    root().detachAppender(log);
    String secrets = victim.substring(16) + "|" + attacker.substring(16);
    assertThat(log.list).extracting(ILoggingEvent::getLevel).doesNotContain(Level.ERROR);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.matches("(?s).*(" + secrets + "|" + VICTIM + ").*"));
    assertThat(http.get("/searches", "X-API-Key", victim).body()).contains(VICTIM);
    assertThat(http.get("/events", "X-API-Key", victim).body()).contains(VICTIM);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private String key(String tenant, Set<Scope> scopes) {
    return keys.create(
            "test",
            tenants.find(tenant).orElseThrow(),
            scopes,
            KeyRestrictions.NONE,
            false,
            "",
            null)
        .text();
  }

  private void post(String path, String text, String key) {
    String body =
        "{\"session_id\": \"%s\", \"keyword\": \"%s\", \"topic\": \"%s\", \"submitted\": true}"
            .formatted(text, text, text);
    assertThat(
            http.post(path, body, "Content-Type", "application/json", "X-API-Key", key)
                .statusCode())
        .isEqualTo(202);
  }

  private static void assertHarmless(HttpResponse<String> response, String attack) {
    assertHarmless(response.statusCode(), response.body(), attack);
    assertThat(response.headers().map()).as(attack).doesNotContainKey("set-cookie");
  }

  private static void assertHarmless(int status, String response, String attack) {
    assertThat(status)
        .as("%s: %s", attack, response)
        .matches(any -> any >= 200 && any < 500 || any == 501);
    assertThat(response)
        .as(attack)
        .doesNotContain("Exception", "\tat ", "java.", " WHERE ", "mysql", VICTIM, "root:");
  }

  @Test
  void noTextOfAParameterDoesHarm() {
    int tried = 0;
    for (Call call : ApiDocument.calls(http)) {
      if (STREAMS.contains(call.path())
          || call.method().equals("DELETE") && !call.path().contains("{")) {
        continue;
      }
      for (String parameter : call.parameters()) {
        for (String text : TEXTS) {
          Map<String, String> values =
              new HashMap<>(Map.of("keyword", "a", "id", "a", "selector", "a"));
          values.put(parameter, text);
          assertHarmless(
              http.send(call.method(), call.url(values), null, "X-API-Key", bystander),
              call + " " + parameter + "=" + text);
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(900);
  }

  /** A text in the place of each header that the service reads. */
  @Test
  void noTextOfAHeaderDoesHarm() {
    for (String name :
        List.of(
            "Accept",
            "Accept-Encoding",
            "Authorization",
            "Content-Encoding",
            "Content-Type",
            "Cookie",
            "Idempotency-Key",
            "If-None-Match",
            "Last-Event-ID",
            "Origin",
            "Range",
            "traceparent",
            "User-Agent",
            "X-API-Key",
            "X-CSRF-Token",
            "X-Forwarded-For",
            "X-Forwarded-Proto")) {
      for (String text : TEXTS) {
        String value = text.replaceAll("[\\x00\r\n]|[^\\x20-\\x7e]", "?").strip();
        if (value.length() > 7_000) {
          value = value.substring(0, 7_000);
        }
        for (String prefix : List.of("", "Bearer ", "lastword_session=", "\"", "for=")) {
          String request =
              "GET /searches\r\n%s: %s%s\r\nX-API-Key: %s"
                  .formatted(name, prefix, value, bystander);
          String response = http.raw(request);
          assertHarmless(
              Integer.parseInt(response.substring(9, 12)), response, name + ": " + prefix + value);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/searches/../admin/keys",
        "/searches/%2e%2e/admin/keys",
        "/searches/..;/admin/keys",
        "//admin/keys",
        "/admin//keys",
        "/./admin/keys",
        "/admin/keys/",
        "/admin/keys/.",
        "/ADMIN/KEYS",
        "/admin/keys;a=b",
        "/admin/keys%3Flimit=1",
        "/admin/keys%00",
        "/admin/keys%20",
        "/admin%2fkeys",
        "/admin/keys?limit=1#",
        "/docs/../admin/keys",
        "/docs/..%2fapplication.yml",
        "/docs/%2e%2e/application.yml",
        "/docs/..%5capplication.yml",
        "/docs//etc/passwd",
        "/docs/file:/etc/passwd",
        "/../application.yml",
        "/..%2fapplication.yml",
        "/%2e%2e/application.yml",
        "/ui/..%2f..%2fapplication.yml",
        "/ui/..%5c..%5capplication.yml",
        "/file:/etc/passwd",
        "http://127.0.0.1/admin/keys",
        "http://evil.example/admin/keys",
        "/a%0d%0aSet-Cookie:%20evil=1",
        "/a%0aINFO%20forged",
        "*",
        "?",
        "/%",
        "/%ff%fe",
        "/searches?limit=1&limit=2",
        "/searches?%00=1"
      })
  void noPathLeadsAroundTheScope(String path) {
    for (String more :
        List.of(
            "",
            "\r\nX-HTTP-Method-Override: DELETE",
            "\r\nX-Original-URL: /admin/keys\r\nX-Rewrite-URL: /admin/keys")) {
      String response = http.raw("GET " + path + "\r\nX-API-Key: " + reader + more);
      assertHarmless(Integer.parseInt(response.substring(9, 12)), response, path);
      assertThat(response)
          .as(path)
          .doesNotContain(
              "\"items\":[{\"id\":\"" + id(reader), "secret", "\r\nSet-Cookie", "datasources");
    }
  }

  private static String id(String key) {
    return key.substring(3, 15);
  }

  /** Requests whose end is not certain. Each may be refused, and none may hide another one. */
  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 4\r\nContent-Length: 5', '{}  '",
    "'Content-Length: -1', '{}'",
    "'Content-Length: 4x', '{}'",
    "'Content-Length: 99999999999999999999', '{}'",
    "'Content-Length: 0x4', '{}'",
    "'Transfer-Encoding: xchunked', '0\r\n\r\n'",
    "'Transfer-Encoding: chunked, identity', '0\r\n\r\n'",
    "'Transfer-Encoding: chunked', 'FFFFFFFFFFFFFFFF\r\n'",
    "'Transfer-Encoding: chunked', '-1\r\n\r\n'",
    "'Transfer-Encoding: chunked', 'x\r\n\r\n'",
    "'Content-Length : 2', '{}'",
    "'X-A: a\r\n b: c\r\nContent-Length: 2', '{}'",
    "'Content-Length: 50', '{}'",
    "'Content-Length: 1', '{}'"
  })
  void aRequestWithoutACertainEndStoresNothing(String length, String body) throws IOException {
    String hidden =
        "POST /log HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Type: application/json\r\n%s\r\n\r\n%s"
            .formatted(attacker, length, body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(hidden.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!response.isEmpty()) { // if not, the connection was closed at once
        assertHarmless(Integer.parseInt(response.substring(9, 12)), response, length);
        assertThat(response).containsPattern("^HTTP/1.1 (4..|501) ");
      }
    }
  }

  @Test
  void noBodyDoesHarm() {
    List<String> bodies =
        new ArrayList<>(
            List.of(
                "",
                "null",
                "0",
                "\"a\"",
                "[]",
                "[[[]]]",
                "{\"a\":1,\"a\":2}",
                "{\"topic\":\"t\",\"topic\":\"u\",\"keyword\":\"a\",\"keyword\":\"b\",\"session_id\":\"s\"}",
                "{\"__proto__\":{\"admin\":true},\"session_id\":\"s\",\"keyword\":\"a\"}",
                "{\"@class\":\"java.lang.Runtime\",\"name\":[\"x\"]}",
                "{\"events\":null}",
                "{\"value\":1e999999999,\"topic\":\"t\"}",
                "{\"value\":" + "9".repeat(100_000) + "}",
                "{\"payload\":{\"n\":-1E+2147483648},\"topic\":\"t\"}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"payload\":" + "[".repeat(2_000) + "]".repeat(2_000) + ",\"topic\":\"t\"}",
                "{\"" + "n".repeat(60_000) + "\":1}",
                "{\"session_id\":\"s\",\"keyword\":\"" + "\\u0000\\ud800".repeat(100) + "\"}",
                "\ufeff{\"session_id\":\"s\",\"keyword\":\"bom\"}",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"));
    for (String text : TEXTS) {
      JsonNode value = JsonNode.createStringNode(text);
      bodies.add(json("session_id", value, "keyword", value));
      bodies.add(json("session_id", JsonNode.createStringNode("s"), "keyword", value));
      bodies.add(json("topic", value, "event_id", value));
      bodies.add(json("topic", JsonNode.createStringNode("t"), "payload", value));
      bodies.add(json("scopes", JsonNode.createArrayNode(List.of(value)), "label", value));
      bodies.add(json("name", value, "expires_in", value));
    }
    int tried = 0;
    for (Call call : ApiDocument.calls(http)) {
      if (!call.method().equals("POST")) {
        continue;
      }
      for (String body : bodies) {
        String type = tried % 4 == 0 ? "application/x-ndjson" : "application/json";
        HttpResponse<String> response =
            http.post(
                call.path(), body, "Content-Type", type, "Authorization", "Bearer " + attacker);
        String attack = call + " " + body.substring(0, Math.min(80, body.length()));
        assertHarmless(response.statusCode(), response.body(), attack);
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(900);
  }

  private static String json(String name, JsonNode value, String other, JsonNode more) {
    StringBuilder json = new StringBuilder("{");
    for (var field : List.of(Map.entry(name, value), Map.entry(other, more))) {
      json.append(json.length() == 1 ? "" : ",").append('"').append(field.getKey()).append("\":");
      json.append(text(field.getValue()));
    }
    return json.append('}').toString();
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      return "[" + text(value.get(0)) + "]";
    }
    StringBuilder escaped = new StringBuilder("\"");
    value
        .getStringValue()
        .chars()
        .forEach(
            c ->
                escaped.append(
                    c < ' ' || c == '"' || c == '\\' || c > '~'
                        ? "\\u%04x".formatted(c)
                        : (char) c));
    return escaped.append('"').toString();
  }

  @Test
  void noForgedCursorDoesHarm() {
    post("/log", "own1", attacker);
    post("/log", "own2", attacker);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.get("/searches?q=own2", "X-API-Key", attacker).body().contains("own2"));
    String own = cursor(attacker);
    List<String> forged =
        new ArrayList<>(List.of(cursor(victim), "", own + "A", own.substring(1), "AAAA", "a.b"));
    for (int i = 0; i < own.length(); i++) {
      char other = own.charAt(i) == 'A' ? 'B' : 'A';
      forged.add(own.substring(0, i) + other + own.substring(i + 1));
    }
    for (Call call : ApiDocument.calls(http)) {
      if (call.parameters().contains("cursor")) {
        for (String text : forged) {
          HttpResponse<String> response =
              http.get(call.url(Map.of("cursor", text)), "X-API-Key", attacker);
          assertHarmless(response, call + " cursor " + text);
          assertThat(response.statusCode()).as(call + " " + text).isIn(400, 403);
        }
      }
    }
  }

  private String cursor(String key) {
    return http.json(http.get("/searches?limit=1", "X-API-Key", key))
        .get("next_cursor")
        .getStringValue();
  }

  @Test
  void guessersOfKeysAreSlowedDown() {
    int refused = 0;
    for (int i = 0; i < 25; i++) {
      HttpResponse<String> response =
          http.get(
              "/searches",
              "X-API-Key",
              "lw_%s_%s".formatted(id(victim), ("" + (char) ('a' + i)).repeat(43)),
              "X-Forwarded-For",
              "192.0.2.66");
      assertHarmless(response, "guess " + i);
      assertThat(response.statusCode()).isIn(401, 429);
      refused += response.statusCode() == 429 ? 1 : 0;
    }
    assertThat(refused).isEqualTo(5);
    // The owner, at another address, is not affected.
    assertThat(
            http.get("/searches", "X-API-Key", victim, "X-Forwarded-For", "192.0.2.67")
                .statusCode())
        .isEqualTo(200);
  }
}
