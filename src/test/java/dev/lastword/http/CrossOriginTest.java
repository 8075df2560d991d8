package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a service with configured origins. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(
    name = "lastword.cors-origins",
    value = "https://www.example.com, https://*.shop.example:8443")
class CrossOriginTest {
  private static final String KEYSTROKE = "{\"session_id\": \"s\", \"keyword\": \"shoes\"}";
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  @Inject HttpCalls http;

  private static HttpResponse<String> checkedFor(HttpResponse<String> response, String origin) {
    assertThat(response.headers().firstValue(ALLOW_ORIGIN)).hasValue(origin);
    assertThat(response.headers().allValues("Vary")).contains("Origin");
    assertThat(response.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    return response;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://www.example.com",
        "https://de.shop.example:8443",
        "https://a.b.shop.example:8443"
      })
  void pagesOfTheseOriginsWriteAndRead(String origin) {
    var written = checkedFor(http.post("/log", KEYSTROKE, "Origin", origin), origin);
    assertThat(written.statusCode()).isEqualTo(202);
    var read = checkedFor(http.get("/searches", "Origin", origin), origin);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("Access-Control-Expose-Headers"))
        .hasValueSatisfying(
            names -> assertThat(names).contains("Retry-After", "ETag", "Lastword-As-Of"));
    assertThat(checkedFor(http.get("/no/such", "Origin", origin), origin).statusCode())
        .isEqualTo(404);
    assertThat(checkedFor(http.post("/log", "{", "Origin", origin), origin).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /log, 'content-type,authorization'",
    "POST, /events, 'content-type,idempotency-key,x-api-key'",
    "GET, /searches/stream, last-event-id",
    "GET, /stats/dau, if-none-match",
    "DELETE, /admin/keys/abc, authorization"
  })
  void theirPreflightsAreAnswered(String method, String path, String headers) {
    String origin = "https://www.example.com";
    HttpResponse<String> preflight =
        checkedFor(
            http.send(
                "OPTIONS",
                path,
                null,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                headers),
            origin);
    assertThat(preflight.statusCode()).isEqualTo(200);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods")).hasValue(method);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers")).hasValue(headers);
    assertThat(preflight.headers().firstValue("Access-Control-Max-Age")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://www.example.com",
        "https://www.example.com:8443",
        "https://www.example.com.evil.example",
        "https://shop.example:8443",
        "https://evilshop.example:8443",
        "https://evil.example/.shop.example:8443",
        "https://de.shop.example",
        "http://localhost:3000",
        "http://127.0.0.1.evil.example",
        "null"
      })
  void pagesOfOtherOriginsAreRefusedWithASentence(String origin) {
    for (HttpResponse<String> refused :
        new HttpResponse[] {
          http.post("/log", KEYSTROKE, "Origin", origin), http.get("/searches", "Origin", origin)
        }) {
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains("pages of " + origin + " may not", "LASTWORD_CORS_ORIGINS");
      assertThat(refused.headers().firstValue(ALLOW_ORIGIN)).isEmpty();
    }
    HttpResponse<String> preflight =
        http.send(
            "OPTIONS", "/log", null, "Origin", origin, "Access-Control-Request-Method", "POST");
    assertThat(preflight.statusCode()).isBetween(400, 499);
    assertThat(preflight.headers().firstValue(ALLOW_ORIGIN)).isEmpty();
  }

  @Test
  void aPageOfTheServiceItselfIsOfItsOrigin() {
    for (String headers :
        new String[] {
          "Host: localhost:8080\r\nOrigin: http://localhost:8080",
          // A proxy that terminates TLS, and passes on its own address as host.
          "Host: 127.0.0.1:8080\r\nOrigin: https://www.shop.example\r\nSec-Fetch-Site: same-origin"
        }) {
      assertThat(http.raw("GET /searches\r\n" + headers)).as(headers).contains(" 200 OK");
    }
  }

  /** A page can make its own name lead to 127.0.0.1, and is then of the same origin. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example"})
  void aHostInTheDnsIsRefusedWithoutKeys(String host) {
    assertThat(http.raw("GET /searches\r\nHost: %s\r\nOrigin: http://%s".formatted(host, host)))
        .contains(" 403 Forbidden", "not for " + host, "LASTWORD_OPEN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:1",
        "127.0.0.1:8080",
        "[::1]:8080",
        "a.localhost",
        "node-1"
      })
  void aHostOfThisMachineIsNot(String host) {
    assertThat(http.raw("GET /searches\r\nHost: " + host)).contains(" 200 OK");
  }
}
