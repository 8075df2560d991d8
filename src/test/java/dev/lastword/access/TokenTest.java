package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class TokenTest {

  private static final String KEYSTROKE = "{\"keyword\": \"a\", \"session_id\": \"s\"}";

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;
  @Inject Tokens tokens;
  @Inject TokenKeyRepository tokenKeys;
  @Inject Rows rows;

  private ApiKey key;
  private String text = "";

  @BeforeEach
  void create() {
    Keys.Created created = create(Set.of(Scope.READ, Scope.WRITE));
    key = created.key();
    text = created.text();
  }

  private Keys.Created create(Set<Scope> scopes) {
    return keys.create(
        "test",
        tenants.find(Tenant.DEFAULT).orElseThrow(),
        scopes,
        KeyRestrictions.NONE,
        false,
        "",
        null);
  }

  private HttpResponse<String> trade(String body, String credentials) {
    return http.post(
        "/token", body, "Content-Type", "application/json", "Authorization", credentials);
  }

  private String token(String body) {
    HttpResponse<String> answer = trade(body, "Bearer " + text);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return http.json(answer).get("access_token").getStringValue();
  }

  private int read(String token) {
    return http.get("/searches", "Authorization", "Bearer " + token).statusCode();
  }

  private int write(String token) {
    return http.post(
            "/log",
            KEYSTROKE,
            "Content-Type",
            "application/json",
            "Authorization",
            "Bearer " + token)
        .statusCode();
  }

  @Test
  void aKeyIsTradedForATokenWithItsScopes() {
    HttpResponse<String> answer = http.post("/token", "", "X-API-Key", text);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    JsonNode token = http.json(answer);
    assertThat(token.get("token_type").getStringValue()).isEqualTo("Bearer");
    assertThat(token.get("expires_in").getIntValue()).isEqualTo(900);
    assertThat(token.get("scope").getStringValue()).isEqualTo("write read");
    String access = token.get("access_token").getStringValue();
    assertThat(read(access)).isEqualTo(200);
    assertThat(write(access)).isEqualTo(202);
    assertThat(http.get("/admin/keys", "Authorization", "Bearer " + access).statusCode())
        .isEqualTo(403);
    assertThat(http.post("/log?key=" + access, KEYSTROKE).statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenMayHaveFewerScopesThanItsKeyButNotMore() {
    String access = token("{\"scopes\": [\"read\"], \"expires_in\": 3600}");
    assertThat(read(access)).isEqualTo(200);
    assertThat(write(access)).isEqualTo(403);
    rows.execute("UPDATE api_key SET scopes = 'write' WHERE id = ?", key.id());
    await().atMost(Duration.ofSeconds(5)).until(() -> read(access) == 403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scopes\": [\"admin\"]} | scopes must be one or more of those of the key: write,read.",
        "{\"scopes\": []} | scopes must be one or more of those of the key",
        "{\"scopes\": [\"none\"]} | scopes must be one of",
        "{\"expires_in\": 0} | expires_in must be from 1 to 3600.",
        "{\"expires_in\": 3601} | expires_in must be from 1 to 3600.",
        "{\"expires\": 60} | The body does not have the expected structure",
      })
  void aWrongWishIsRefusedWithASentence(String body, String sentence) {
    HttpResponse<String> answer = trade(body, "Bearer " + text);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence);
  }

  @Test
  void aTokenIsNotTradedForAnotherOne() {
    HttpResponse<String> answer = trade("{}", "Bearer " + token("{}"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("Send the API key");
  }

  @Test
  void aTokenEndsWithItsKeyOrAtItsTime() {
    String access = token("{}");
    assertThat(read(access)).isEqualTo(200);
    String brief = token("{\"expires_in\": 1}");
    await().atMost(Duration.ofSeconds(5)).until(() -> read(brief) == 401);
    keys.revoke("test", key);
    await().atMost(Duration.ofSeconds(5)).until(() -> read(access) == 401);
  }

  @Test
  void tokensOfYesterdayAreValidAndThoseOfADeletedKeyAreNot() {
    String access = token("{}");
    rows.execute("DELETE FROM token_key WHERE day < UTC_DATE()");
    rows.execute("UPDATE token_key SET day = UTC_DATE() - INTERVAL 1 DAY");
    String next = token("{}");
    assertThat(next.substring(0, next.indexOf('.')))
        .isNotEqualTo(access.substring(0, access.indexOf('.')));
    assertThat(read(next)).isEqualTo(200);
    assertThat(read(access)).isEqualTo(200);
    rows.execute("DELETE FROM token_key WHERE day < UTC_DATE()");
    await().atMost(Duration.ofSeconds(5)).until(() -> read(access) == 401);
    assertThat(read(next)).isEqualTo(200);
  }

  @Test
  void keysAreMadeOncePerDayAndDeletedAfterTwo() {
    rows.execute("DELETE FROM token_key");
    rows.execute(
        """
        INSERT INTO token_key (day, id, secret)
        VALUES (UTC_DATE() - INTERVAL 1 DAY, '1', 'yesterday'), (UTC_DATE() - INTERVAL 2 DAY, '2', 'before')
        """);
    byte[] first = tokenKeys.ofToday().secret();
    assertThat(tokenKeys.ofToday().secret()).isEqualTo(first).hasSize(32);
    assertThat(rows.execute("DELETE FROM token_key")).isEqualTo(2);
  }

  @Test
  void whatIsForgedOpensNothing() throws Exception {
    String valid = token("{}");
    String id = tokenKeys.ofToday().id();
    byte[] secret = tokenKeys.ofToday().secret();
    JWTClaimsSet claims = SignedJWT.parse(valid).getJWTClaimsSet();
    Map<String, String> forged = new LinkedHashMap<>();
    forged.put("alg none", new PlainJWT(claims).serialize());
    forged.put("another secret", signed(JWSAlgorithm.HS256, id, new byte[32], claims));
    forged.put("another algorithm", signed(JWSAlgorithm.HS384, id, longer(secret), claims));
    forged.put("no key id", signed(JWSAlgorithm.HS256, null, secret, claims));
    forged.put("another key id", signed(JWSAlgorithm.HS256, "000000000000", secret, claims));
    forged.put("a key id in SQL", signed(JWSAlgorithm.HS256, "' OR 1=1 --", secret, claims));
    forged.put(
        "expired",
        signed(
            JWSAlgorithm.HS256,
            id,
            secret,
            new JWTClaimsSet.Builder(claims)
                .expirationTime(Date.from(Instant.now().minusSeconds(1)))
                .build()));
    for (String missing : List.of("iss", "sub", "exp", "scope")) {
      forged.put(
          "without " + missing,
          signed(
              JWSAlgorithm.HS256,
              id,
              secret,
              new JWTClaimsSet.Builder(claims).claim(missing, null).build()));
    }
    forged.put(
        "another issuer",
        signed(
            JWSAlgorithm.HS256, id, secret, new JWTClaimsSet.Builder(claims).issuer("x").build()));
    forged.put(
        "an unknown scope",
        signed(
            JWSAlgorithm.HS256,
            id,
            secret,
            new JWTClaimsSet.Builder(claims).claim("scope", "root").build()));
    forged.put(
        "a scope that is no text",
        signed(
            JWSAlgorithm.HS256,
            id,
            secret,
            new JWTClaimsSet.Builder(claims).claim("scope", List.of("read")).build()));
    forged.put("other claims", valid.replaceFirst("\\.[^.]+\\.", ".eyJpc3MiOiJsYXN0d29yZCJ9."));
    forged.put("no signature", valid.substring(0, valid.lastIndexOf('.') + 1));
    forged.put("dots", "..");
    forged.put("more dots", valid + ".a.b");
    forged.put("five parts", "a.b.c.d.e");
    forged.put("a long text", "a.".repeat(1_000));
    assertThat(read(valid)).isEqualTo(200);
    forged.forEach((name, token) -> assertThat(read(token)).as(name).isEqualTo(401));
  }

  private static byte[] longer(byte[] secret) {
    byte[] twice = new byte[2 * secret.length];
    System.arraycopy(secret, 0, twice, 0, secret.length);
    return twice;
  }

  private static String signed(
      JWSAlgorithm algorithm, @Nullable String keyId, byte[] secret, JWTClaimsSet claims)
      throws Exception {
    var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  @Test
  void aSessionIsACookieThatScriptsCannotRead() {
    HttpResponse<String> begun = http.post("/session", "", "X-API-Key", text);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
    String cookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .startsWith("lastword_session=ey")
        .contains("HTTPOnly", "SameSite=Strict", "Path=/", "Max-Age=43200")
        .doesNotContain("Secure", text);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(http.get("/searches", "Cookie", pair).statusCode()).isEqualTo(200);
    JsonNode session = http.json(http.get("/session", "Cookie", "theme=dark; " + pair));
    assertThat(session).isEqualTo(http.json(begun));
    assertThat(session.get("tenant").getStringValue()).isEqualTo("default");
    assertThat(session.get("key_id").getStringValue()).isEqualTo(key.id());

    String csrf = session.get("csrf_token").getStringValue();
    String json = "application/json";
    HttpResponse<String> refused =
        http.post("/log", KEYSTROKE, "Content-Type", json, "Cookie", pair);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("X-CSRF-Token");
    assertThat(
            http.post("/log", KEYSTROKE, "Content-Type", json, "Cookie", pair, "X-CSRF-Token", "x")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            http.post("/log", KEYSTROKE, "Content-Type", json, "Cookie", pair, "X-CSRF-Token", csrf)
                .statusCode())
        .isEqualTo(202);

    HttpResponse<String> ended = http.send("DELETE", "/session", null, "Cookie", pair);
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(ended.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("lastword_session=;")
        .contains("Max-Age=0");
    assertThat(http.get("/searches", "Cookie", pair).statusCode()).isEqualTo(401);
  }

  @Test
  void aSessionEndsWithItsKey() {
    String cookie =
        http.post("/session", "", "X-API-Key", text)
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(http.get("/searches", "Cookie", pair).statusCode()).isEqualTo(200);
    keys.revoke("test", key);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> http.get("/searches", "Cookie", pair).statusCode() == 401);
  }

  @Test
  void behindAProxyWithHttpsTheCookieIsSecure() {
    HttpResponse<String> begun =
        http.post("/session", "", "X-API-Key", text, "X-Forwarded-Proto", "https");
    assertThat(begun.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
  }

  @Test
  void aCookieHoldsNoKeyAndNoTokenOfAnotherPurpose() {
    assertThat(http.get("/searches", "Cookie", "lastword_session=" + text).statusCode())
        .isEqualTo(401);
    String json = "application/json";
    String cookie = "lastword_session=" + token("{}");
    assertThat(
            http.post("/log", KEYSTROKE, "Content-Type", json, "Cookie", cookie, "X-CSRF-Token", "")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void theSenderIsDescribedForKeysAndTokensToo() {
    JsonNode byKey = http.json(http.get("/session", "X-API-Key", text));
    assertThat(byKey.get("expires_at").isNull()).isTrue();
    assertThat(byKey.get("csrf_token").isNull()).isTrue();
    JsonNode byToken = http.json(http.get("/session", "Authorization", "Bearer " + token("{}")));
    assertThat(byToken.get("expires_at").isNull()).isFalse();
  }
}
