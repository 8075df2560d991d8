package dev.lastword.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.rate-limit.key", value = "20/m")
class KeyLimitTest {
  private static final int LIMIT = 20;

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private String key = "";

  @BeforeEach
  void create() {
    key = create(Scope.READ, Scope.WRITE);
  }

  private String create(Scope... scopes) {
    Tenant tenant = tenants.find(Tenant.DEFAULT).orElseThrow();
    return keys.create("test", tenant, Set.of(scopes), KeyRestrictions.NONE, false, "", null)
        .text();
  }

  private HttpResponse<String> read(String credentials) {
    return http.get("/searches", "Authorization", "Bearer " + credentials);
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void aKeyMayMakeAsManyRequestsAndNoMore() {
    for (int i = 1; i <= LIMIT; i++) {
      HttpResponse<String> response = read(key);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(header(response, "RateLimit-Policy")).isEqualTo("\"key\";q=20;w=60");
      assertThat(header(response, "RateLimit"))
          .matches("\"key\";r=%d;t=[1-9][0-9]?".formatted(LIMIT - i));
      assertThat(header(response, "X-RateLimit-Remaining")).isEqualTo("" + (LIMIT - i));
    }
    HttpResponse<String> refused =
        http.post(
            "/log",
            "{\"keyword\": \"a\", \"session_id\": \"s\"}",
            "Content-Type",
            "application/json",
            "X-API-Key",
            key);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(refused.body())
        .contains("\"status\":429", "Too many requests: the limit by key is 20/m. Retry in ");
    // A third of a minute has 20 requests, so one comes back within three seconds.
    assertThat(header(refused, "Retry-After")).matches("[123]");
    assertThat(header(refused, "RateLimit")).matches("\"key\";r=0;t=[0-9]{2}");
    assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"key\";q=20;w=60");
    assertThat(header(refused, "X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(refused.headers().allValues("RateLimit")).hasSize(1);
    await().atMost(Duration.ofSeconds(10)).until(() -> read(key).statusCode() == 200);
  }

  @Test
  void eachKeyHasItsLimitAndSharesItWithItsTokens() {
    String token =
        http.json(http.post("/token", "", "X-API-Key", key)).get("access_token").getStringValue();
    HttpResponse<String> response = read(token);
    assertThat(header(response, "X-RateLimit-Remaining")).isEqualTo("" + (LIMIT - 2));
    String other = create(Scope.READ);
    assertThat(header(read(other), "X-RateLimit-Remaining")).isEqualTo("" + (LIMIT - 1));
  }

  @Test
  void whatIsRefusedIsCountedAndWhatNeedsNoKeyIsNotLimited() {
    String admin = create(Scope.ADMIN);
    for (int i = 0; i <= LIMIT; i++) {
      http.get("/admin/keys", "X-API-Key", admin);
    }
    assertThat(http.get("/metrics", "X-API-Key", key).body())
        .containsPattern("rate_limit_exceeded_total\\{limit=\"key\",tenant=\"1\"} [1-9]");
    assertThat(http.get("/health").headers().firstValue("RateLimit")).isEmpty();
    // Requests without the right to make them cost nobody a token.
    assertThat(http.get("/searches", "X-API-Key", "x").headers().firstValue("RateLimit")).isEmpty();
  }
}
