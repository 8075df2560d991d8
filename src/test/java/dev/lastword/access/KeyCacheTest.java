package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one database. */
class KeyCacheTest {
  private static final Duration PROMISED = Duration.ofSeconds(5);
  private static final String EVENT = "{\"topic\": \"t\"}";

  private final String url = TestDatabase.create();
  private final EmbeddedServer one = node();
  private final EmbeddedServer other = node();

  private EmbeddedServer node() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private static int post(EmbeddedServer node, String... headers) {
    return answer(node, headers).statusCode();
  }

  private static HttpResponse<String> answer(EmbeddedServer node, String... headers) {
    return HttpCalls.postAsync(node, "/events", EVENT, headers).join();
  }

  private Keys.Created create() {
    ApplicationContext beans = one.getApplicationContext();
    Tenant tenant = beans.getBean(Tenants.class).find(Tenant.DEFAULT).orElseThrow();
    return beans
        .getBean(Keys.class)
        .create("test", tenant, EnumSet.of(Scope.WRITE), KeyRestrictions.NONE, false, "", null);
  }

  @Test
  void withTheFirstKeyBothNodesCloseAndTheKeyWorksAtOnce() {
    assertThat(post(one)).isEqualTo(202);
    assertThat(post(other)).isEqualTo(202);
    assertThat(post(other, "X-API-Key", "of another system")).isEqualTo(202);
    Keys.Created key = create();
    assertThat(post(other, "X-API-Key", key.text())).isEqualTo(202);
    await().atMost(PROMISED).until(() -> post(one) == 401 && post(other) == 401);
    one.getApplicationContext().getBean(Keys.class).revoke("test", key.key());
    await().atMost(PROMISED).until(() -> post(other, "X-API-Key", key.text()) == 401);
    assertThat(post(other)).isEqualTo(401);
  }

  @Test
  void aRevocationByPlainSqlWorksOnBothNodes() throws Exception {
    Keys.Created key = create();
    assertThat(post(one, "X-API-Key", key.text())).isEqualTo(202);
    assertThat(post(other, "X-API-Key", key.text())).isEqualTo(202);
    TestDatabase.execute(url, "UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3)");
    await()
        .atMost(PROMISED)
        .until(
            () ->
                post(one, "X-API-Key", key.text()) == 401
                    && post(other, "X-API-Key", key.text()) == 401);
    // Without any row, they stay closed.
    TestDatabase.execute(url, "DELETE FROM api_key");
    assertThat(post(one, "X-API-Key", key.text())).isEqualTo(401);
    assertThat(post(one)).isEqualTo(401);
  }

  @Test
  void theUseOfAKeyIsNotedOnceAMinute() throws Exception {
    Keys.Created key = create();
    assertThat(key.key().lastUsedAt()).isNull();
    post(one, "X-API-Key", key.text());
    await().until(() -> TestDatabase.number(url, "SELECT COUNT(last_used_at) FROM api_key") == 1);
    TestDatabase.execute(
        url, "UPDATE api_key SET last_used_at = last_used_at - INTERVAL 30 SECOND");
    String age =
        "SELECT TIMESTAMPDIFF(SECOND, last_used_at, UTC_TIMESTAMP(3)) FROM api_key WHERE id = '%s'"
            .formatted(key.key().id());
    post(other, "X-API-Key", key.text());
    assertThat(TestDatabase.number(url, age)).isGreaterThanOrEqualTo(30);
    TestDatabase.execute(
        url, "UPDATE api_key SET last_used_at = last_used_at - INTERVAL 31 SECOND");
    await()
        .until(
            () -> {
              post(other, "X-API-Key", key.text());
              return TestDatabase.number(url, age) < 30;
            });
  }
}
