package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.ApiDocument;
import dev.lastword.ApiDocument.Call;
import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class AccessFilterTest {

  private static final Set<String> ANY_KEY = Set.of("/token", "/session");
  private static final Map<String, String> NOTHING = Map.of("id", "none", "selector", "liveness");
  private static final String KEYSTROKE = "{\"keyword\": \"a\", \"session_id\": \"s\"}";

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;
  @Inject Rows rows;

  private String key = "";

  @BeforeEach
  void close() {
    key = create(Scope.READ);
  }

  private String create(Scope... scopes) {
    return create(Tenant.DEFAULT, scopes);
  }

  private String create(String tenant, Scope... scopes) {
    return keys.create(
            "test",
            tenants.find(tenant).orElseThrow(),
            Set.of(scopes),
            KeyRestrictions.NONE,
            false,
            "",
            null)
        .text();
  }

  @Test
  void everyCallNeedsAKeyUnlessTheDocumentSaysOtherwise() {
    int secured = 0;
    for (Call call : ApiDocument.calls(http)) {
      HttpResponse<String> answer = http.call(call.method(), call.url(NOTHING));
      if (call.secured()) {
        secured++;
        assertThat(answer.statusCode()).as(call.toString()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
            .as(call.toString())
            .hasValue("Bearer realm=\"lastword\"");
        assertThat(answer.headers().firstValue("Content-Type"))
            .hasValue("application/problem+json");
        if (call.reads()) {
          assertThat(http.call("HEAD", call.url(NOTHING)).statusCode()).isEqualTo(401);
        }
      } else {
        assertThat(answer.statusCode()).as(call.toString()).isIn(200, 204, 303);
      }
    }
    assertThat(secured).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void everyCallNeedsItsScope(Scope scope) {
    String of = create(scope);
    for (Call call : ApiDocument.calls(http)) {
      if (!call.secured() || call.path().endsWith("/stream")) {
        continue;
      }
      HttpResponse<String> answer =
          http.send(call.method(), call.url(NOTHING), null, "Authorization", "Bearer " + of);
      if (ANY_KEY.contains(call.path()) || scopeOf(call) == scope) {
        assertThat(answer.statusCode()).as(call.toString()).isNotIn(401, 403);
      } else {
        assertThat(answer.statusCode()).as(call.toString()).isEqualTo(403);
        assertThat(answer.body()).contains("needs scope " + scopeOf(call).text());
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
            .contains("error=\"insufficient_scope\", scope=\"" + scopeOf(call).text() + "\"");
      }
    }
  }

  private static Scope scopeOf(Call call) {
    if (call.path().startsWith("/admin/") || call.path().startsWith("/users/")) {
      return Scope.ADMIN;
    }
    return call.reads() ? Scope.READ : Scope.WRITE;
  }

  @Test
  void aStreamNeedsScopeRead() {
    String write = create(Scope.WRITE);
    for (String stream : Set.of("/searches/stream", "/events/stream")) {
      assertThat(http.get(stream, "X-API-Key", write).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aKeyIsTakenFromEitherHeader() {
    assertThat(http.get("/searches", "Authorization", "Bearer " + key).statusCode()).isEqualTo(200);
    assertThat(http.get("/searches", "Authorization", "bearer  " + key).statusCode())
        .isEqualTo(200);
    assertThat(http.get("/searches", "X-API-Key", key).statusCode()).isEqualTo(200);
    // A proxy may use the header for itself.
    assertThat(http.get("/searches", "Authorization", "Basic YTpi", "X-API-Key", key).statusCode())
        .isEqualTo(200);
  }

  @Test
  void onlyAKeyThatCanDoNothingButWriteMayBePartOfTheUrl() {
    String write = create(Scope.WRITE);
    String json = "application/json";
    assertThat(http.post("/log?key=" + write, KEYSTROKE, "Content-Type", json).statusCode())
        .isEqualTo(202);
    assertThat(http.post("/log?k%65y=" + write, KEYSTROKE, "Content-Type", json).statusCode())
        .isEqualTo(202);
    String event = "{\"topic\": \"t\", \"event_id\": \"1\"}";
    HttpResponse<String> answer =
        http.post("/events?on_duplicate=conflict&key=" + write + "&", event, "Content-Type", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(http.get("/searches?key=" + write).statusCode()).isEqualTo(403);
    for (Scope[] scopes : new Scope[][] {{Scope.READ}, {Scope.WRITE, Scope.READ}}) {
      String other = create(scopes);
      HttpResponse<String> refused =
          http.post("/log?key=" + other, KEYSTROKE, "Content-Type", json);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("Only a key of scope write alone").doesNotContain(other);
    }
    for (String broken : Set.of("", "%zz", "%", "a&key=b", write + "&key=" + write)) {
      assertThat(http.raw("POST /log?key=" + broken).substring(9, 12)).isIn("401", "400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "lw_",
        "lw__",
        "lw_000000000000_",
        "lw_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "lw_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "' OR 1=1 --"
      })
  void whatIsNoKeyOpensNothing(String text) {
    HttpResponse<String> answer = http.get("/searches", "X-API-Key", text);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("error=\"invalid_token\"");
    assertThat(http.get("/searches", "Authorization", "Bearer " + text).statusCode())
        .isEqualTo(401);
  }

  @Test
  void theIdWithAnotherSecretOpensNothing() {
    KeyText other = KeyText.random();
    String forged = key.substring(0, 16) + other.reveal().substring(16);
    assertThat(KeyText.parse(forged)).isNotNull();
    assertThat(http.get("/searches", "X-API-Key", forged).statusCode()).isEqualTo(401);
    assertThat(http.get("/searches", "X-API-Key", key).statusCode()).isEqualTo(200);
  }

  @Test
  void anExpiredAndARevokedKeySaySo() {
    Keys.Created revoked =
        keys.create(
            "test", tenant(), EnumSet.of(Scope.READ), KeyRestrictions.NONE, false, "", null);
    keys.revoke("test", revoked.key());
    Keys.Created expired =
        keys.create(
            "test",
            tenant(),
            EnumSet.of(Scope.READ),
            KeyRestrictions.NONE,
            false,
            "",
            Instant.now().plusSeconds(3_600));
    rows.execute(
        "UPDATE api_key SET expires_at = UTC_TIMESTAMP(3) WHERE id = ?", expired.key().id());
    assertThat(http.get("/searches", "X-API-Key", revoked.text()).body())
        .contains("The API key has been revoked.");
    HttpResponse<String> answer = http.get("/searches", "X-API-Key", expired.text());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("The API key has expired.");
    // The secret must be right, even to learn that.
    assertThat(
            http.get("/searches", "X-API-Key", expired.text().replaceFirst(".{9}$", "AAAAAAAAA"))
                .body())
        .contains("There is no such API key.");
  }

  private Tenant tenant() {
    return tenants.find(Tenant.DEFAULT).orElseThrow();
  }

  @Test
  void whatIsAboutAllTenantsIsForTheDefaultTenant() {
    String tenant = "other-" + System.nanoTime();
    assertThat(tenants.create("test", tenant)).isPresent();
    String read = create(tenant, Scope.READ);
    String admin = create(tenant, Scope.ADMIN);
    assertThat(http.get("/metrics", "X-API-Key", key).statusCode()).isEqualTo(200);
    assertThat(http.get("/metrics", "X-API-Key", read).statusCode()).isEqualTo(403);
    HttpResponse<String> refused = http.get("/admin/tenants", "X-API-Key", admin);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("must be one of tenant default");
  }

  @Test
  void whatIsRefusedIsCountedByReason() {
    http.get("/searches");
    http.get("/searches", "X-API-Key", "x");
    http.get("/searches", "X-API-Key", create(Scope.WRITE));
    assertThat(http.get("/metrics", "X-API-Key", key).body())
        .contains("lastword_access_denied_total{reason=\"no_key\"}")
        .contains("lastword_access_denied_total{reason=\"unknown\"}")
        .contains("lastword_access_denied_total{reason=\"scope\"}")
        .contains("api_requests_total{endpoint=\"/searches\",method=\"GET\",status_code=\"401\"}");
  }

  @Test
  void aPathWithoutACallIsNotFoundWithOrWithoutAKey() {
    assertThat(http.get("/no/such").statusCode()).isEqualTo(404);
    assertThat(http.get("/no/such", "X-API-Key", key).statusCode()).isEqualTo(404);
    assertThat(http.call("PUT", "/log").statusCode()).isEqualTo(405);
  }
}
