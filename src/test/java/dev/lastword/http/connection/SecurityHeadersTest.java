package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class SecurityHeadersTest {

  @Inject HttpCalls http;

  /** Responses of controllers, of errors, of files, and those without a request. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /searches",
        "POST /log",
        "GET /no/such",
        "GET /searches?limit=many",
        "GET /health",
        "GET /metrics",
        "GET /openapi.yml",
        "GET /docs/docs.js",
        "GET /lastword.js",
        "GET /ui/page.js",
        "OPTIONS /log",
        "GET / /",
        "POST /log\r\nContent-Encoding: br"
      })
  void eachResponseHasThem(String request) {
    assertThat(http.raw(request).toLowerCase(Locale.ROOT))
        .contains(
            "\r\nx-content-type-options: nosniff\r\n",
            "\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'\r\n",
            "\r\nreferrer-policy: no-referrer\r\n",
            "\r\ncache-control: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs/index.html"})
  void aPageKeepsItsOwnPolicyButIsInNoFrame(String path) {
    var page = http.get(path);
    assertThat(page.headers().allValues("Content-Security-Policy"))
        .containsExactly("frame-ancestors 'none'");
    assertThat(page.body()).contains("http-equiv=\"Content-Security-Policy\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs/index.html", "/ui/page.js", "/lastword.js"})
  void whatIsNotModifiedKeepsTheHeadersThatItHas(String path) {
    String modified = http.get(path).headers().firstValue("Last-Modified").orElseThrow();
    var answer = http.get(path, "If-Modified-Since", modified);
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.headers().map().keySet())
        .doesNotContain("content-security-policy", "cache-control");
  }

  @ParameterizedTest
  @CsvSource({"/searches, no-store", "/stats/dau, 'private, no-cache'"})
  void nothingIsKeptByCachesUnlessItCanBeChecked(String path, String value) {
    assertThat(http.get(path).headers().allValues("Cache-Control")).containsExactly(value);
  }
}
