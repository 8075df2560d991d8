package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestSignatureTest {
  private static final String BODY = "[{\"topic\": \"signed\", \"message\": \"größer\"}]";

  @Inject HttpCalls http;
  @Inject EmbeddedServer server;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private String key = "";

  @BeforeAll
  void create() {
    key = key(true);
  }

  private String key(boolean signs) {
    return keys.create(
            "test",
            tenants.find(Tenant.DEFAULT).orElseThrow(),
            EnumSet.of(Scope.WRITE, Scope.READ),
            KeyRestrictions.NONE,
            signs,
            "",
            null)
        .text();
  }

  private static String id(String key) {
    return key.substring(3, 15);
  }

  /** Signs as clients do, by the description alone. */
  private static String sign(String key, String method, String path, long time, String body) {
    return sign(key, method, path, time, "", body);
  }

  private static String sign(
      String key, String method, String path, long time, String idempotencyKey, String body) {
    try {
      String hash =
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(body.getBytes(StandardCharsets.UTF_8)));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature =
          mac.doFinal(
              String.join("\n", method, path, Long.toString(time), idempotencyKey, hash)
                  .getBytes(StandardCharsets.UTF_8));
      return "HMAC-SHA256 " + id(key) + ":" + time + ":" + HexFormat.of().formatHex(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private HttpResponse<String> post(String body, String authorization, String... headers) {
    List<String> all =
        new ArrayList<>(
            List.of("Content-Type", "application/json", "Authorization", authorization));
    all.addAll(List.of(headers));
    return http.post("/events", body, all.toArray(String[]::new));
  }

  private HttpResponse<String> get(String path, String authorization) {
    return http.get(path, "Authorization", authorization);
  }

  @Test
  void aSignedRequestIsThatOfItsKey() {
    HttpResponse<String> written = post(BODY, sign(key, "POST", "/events", now(), BODY));
    assertThat(written.statusCode()).as(written.body()).isEqualTo(202);
    String path = "/events?topic=signed&q=gr%C3%B6%C3%9Fer";
    HttpResponse<String> read = get(path, sign(key, "GET", path, now(), ""));
    assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    assertThat(read.body()).contains("größer");
  }

  @Test
  void aBodyOfAnySizeIsSignedBeforeItsCompression() throws Exception {
    String body =
        "[{\"topic\": \"large\", \"message\": \"%s\"}".formatted("x".repeat(15_000))
            + ", {\"topic\": \"large\", \"message\": \"%s\"}"
                .formatted("y".repeat(15_000))
                .repeat(500)
            + "]";
    String authorization = sign(key, "POST", "/events", now(), body);
    assertThat(post(body, authorization).statusCode()).isEqualTo(202);
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    }
    HttpRequest request =
        HttpRequest.newBuilder(server.getURI().resolve("/events"))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofByteArray(bytes.toByteArray()))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(202);
    assertThat(post(body + " ".repeat(10 << 20), authorization).statusCode()).isEqualTo(413);
  }

  @Test
  void aCopyCannotDoWithoutTheIdempotencyKey() {
    String body = "[{\"topic\": \"copied\"}]";
    String authorization = sign(key, "POST", "/events", now(), "once", body);
    for (int i = 0; i < 2; i++) {
      assertThat(post(body, authorization, "Idempotency-Key", "once").statusCode()).isEqualTo(202);
    }
    assertThat(post(body, authorization).statusCode()).isEqualTo(401);
    assertThat(post(body, authorization, "Idempotency-Key", "again").statusCode()).isEqualTo(401);
    String path = "/events?topic=copied";
    assertThat(get(path, sign(key, "GET", path, now(), "")).body())
        .containsOnlyOnce("\"event_id\"");
  }

  /** What someone changes on the way. */
  @ParameterizedTest
  @CsvSource({
    "PUT, /events, [], 0, ",
    "POST, /publish, [], 0, ",
    "POST, /events?on_duplicate=conflict, [], 0, ",
    "POST, /events, [{}], 0, ",
    "POST, /events, [], 1, ",
    "POST, /events, [], 0, x"
  })
  void aSignatureOfAnotherRequestIsRefused(
      String method, String path, String body, int seconds, @Nullable String other) {
    long time = now();
    String signed =
        sign(other == null ? key : key(true), method, path, time + seconds, body)
            .replaceFirst(" .*:", " " + id(key) + ":" + time + ":");
    HttpResponse<String> refused = post("[]", signed);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("The signature is not that of this request by this key.");
  }

  @ParameterizedTest
  @ValueSource(longs = {-303, 303})
  void aSignatureOfAnotherTimeIsRefused(long seconds) {
    HttpResponse<String> refused =
        get("/searches", sign(key, "GET", "/searches", now() + seconds, ""));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("must be within 5 minutes of this node's");
    long inside = now() + Long.signum(seconds) * 297;
    assertThat(get("/searches", sign(key, "GET", "/searches", inside, "")).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0123456789ab:1:00",
        "0123456789ab:x:0000000000000000000000000000000000000000000000000000000000000000",
        "0123456789ab:-1:0000000000000000000000000000000000000000000000000000000000000000"
      })
  void whatHasNotItsFormIsRefusedWithTheForm(String text) {
    HttpResponse<String> refused = get("/searches", "HMAC-SHA256 " + text);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("must be followed by <key id>");
  }

  @Test
  void aKeyEitherSignsOrIsSent() {
    HttpResponse<String> sent = get("/searches", "Bearer " + key);
    assertThat(sent.statusCode()).isEqualTo(401);
    assertThat(sent.body()).contains("signs requests, and must not be sent").doesNotContain(key);
    String other = key(false);
    assertThat(get("/searches", "Bearer " + other).statusCode()).isEqualTo(200);
    assertThat(get("/searches", sign(other, "GET", "/searches", now(), "")).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aRevokedKeyAndOneWithoutTheScopeAreRefusedLikeAllOthers() {
    String revoked = key(true);
    keys.revoke("test", keys.find(id(revoked)).orElseThrow());
    assertThat(get("/searches", sign(revoked, "GET", "/searches", now(), "")).body())
        .contains("has been revoked");
    assertThat(get("/admin/keys", sign(key, "GET", "/admin/keys", now(), "")).statusCode())
        .isEqualTo(403);
  }
}
