package dev.lastword.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client of these tests is a trusted proxy. */
@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.trusted-proxies", value = "127.0.0.1")
@Property(name = "lastword.ignore.user-agents", value = "Bot, headless")
@Property(name = "lastword.ignore.keys", value = "4k2m9x7qpz3d")
@Property(name = "lastword.ignore.addresses", value = "198.51.100.0/24, 2001:db8::/32")
class IgnoredTrafficTest {

  private static final String IGNORED = "4k2m9x7qpz3d";
  private static final String OTHER = "4k2m9x7qpz3e";

  @Inject HttpCalls http;
  @Inject Rows rows;

  /** Their secrets are 32 bytes of zero. */
  @BeforeEach
  void createKeys() {
    for (String id : List.of(IGNORED, OTHER)) {
      rows.execute(
          """
          INSERT IGNORE INTO api_key (id, tenant_id, secret_hash, scopes, label, created_at)
          VALUES (?, 1, UNHEX(SHA2(UNHEX(REPEAT('00', 32)), 256)), 'write,read', '', UTC_TIMESTAMP(3))
          """,
          id);
    }
  }

  private static String key(String id) {
    return "lw_" + id + "_" + "A".repeat(43);
  }

  private String get(String path) {
    return http.get(path, "X-API-Key", key(IGNORED), "User-Agent", "a bot").body();
  }

  private HttpResponse<String> post(
      String path,
      String keyword,
      @Nullable String agent,
      @Nullable String address,
      @Nullable String key) {
    String body =
        "{\"session_id\": \"%s\", \"keyword\": \"%s\", \"topic\": \"t\"}"
            .formatted(keyword, keyword);
    return http.post(
        path,
        body,
        "Content-Type",
        "application/json",
        "User-Agent",
        agent == null ? "Mozilla/5.0" : agent,
        "X-Forwarded-For",
        address == null ? "203.0.113.1" : address,
        "X-API-Key",
        key(key == null ? OTHER : key));
  }

  private double ignored(String reason) {
    return get("/metrics")
        .lines()
        .filter(
            line ->
                line.startsWith("lastword_ignored_requests_total{reason=\"%s\"}".formatted(reason)))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest
  @CsvSource({
    "/log, 'Mozilla/5.0 (compatible; Googlebot/2.1)', , , user_agent",
    "/log, HEADLESSChrome, , , user_agent",
    "/log, , 198.51.100.7, , address",
    "/log, , 2001:db8::1, , address",
    "/events, bot, , , user_agent",
    "/publish, bot, , , user_agent",
    "/ingest, , 198.51.100.255, , address",
    "/log, , , 4k2m9x7qpz3d, key",
    "/events, , , 4k2m9x7qpz3d, key"
  })
  void whatIsLeftOutIsAnsweredNotStoredAndCounted(
      String path,
      @Nullable String agent,
      @Nullable String address,
      @Nullable String key,
      String reason) {
    double before = ignored(reason);
    HttpResponse<String> answer = post(path, "leftout", agent, address, key);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body())
        .contains("\"accepted\":0", "\"rejected\":[]", "\"ignored\":\"%s\"".formatted(reason));
    assertThat(ignored(reason)).isEqualTo(before + 1);
    assertThat(get("/searches/staged")).doesNotContain("leftout");
    assertThat(get("/events")).doesNotContain("leftout");
  }

  @Test
  void allOthersAreStored() {
    HttpResponse<String> answer = post("/log", "stored", null, "198.51.101.0", null);
    assertThat(answer.body()).contains("\"accepted\":1");
    assertThat(get("/searches/staged")).contains("stored");
  }

  @Test
  void readersAreNotLeftOut() {
    assertThat(get("/searches")).contains("items");
  }

  @Test
  void aKeyThatIsRefusedIsNotIgnored() {
    rows.execute("UPDATE api_key SET scopes = 'read' WHERE id = ?", OTHER);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> post("/log", "leftout", "a bot", null, null).statusCode() == 403);
    rows.execute("UPDATE api_key SET scopes = 'write,read' WHERE id = ?", OTHER);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> post("/log", "leftout", "a bot", null, null).statusCode() == 202);
  }
}
