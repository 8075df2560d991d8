package dev.lastword.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes and a real Redis. */
@Tag("once")
@Timeout(120)
class SharedLimitTest {
  private static final int LIMIT = 30;

  private final String url = TestDatabase.create();

  private EmbeddedServer node(String redis) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    settings.put("lastword.redis-uri", redis);
    settings.put("lastword.rate-limit.key", LIMIT + "/h");
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  private static String key(EmbeddedServer node) {
    ApplicationContext beans = node.getApplicationContext();
    Tenant tenant = beans.getBean(Tenants.class).find(Tenant.DEFAULT).orElseThrow();
    return beans
        .getBean(Keys.class)
        .create("test", tenant, Set.of(Scope.READ), KeyRestrictions.NONE, false, "", null)
        .text();
  }

  private static HttpResponse<String> read(EmbeddedServer node, String key) {
    return HttpCalls.getAsync(node, "/searches", "X-API-Key", key).join();
  }

  private static long remaining(EmbeddedServer node, String key) {
    HttpResponse<String> response = read(node, key);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.headers().firstValueAsLong("X-RateLimit-Remaining").orElseThrow();
  }

  private static boolean isShared(EmbeddedServer node) {
    return metrics(node).contains("lastword_rate_limits_shared 1.0")
        && health(node).contains("\"rate-limits\":{\"name\":\"lastword\",\"status\":\"UP\"");
  }

  private static boolean isAlone(EmbeddedServer node) {
    return metrics(node).contains("lastword_rate_limits_shared 0.0")
        && health(node).contains("Redis unavailable, each node limits alone");
  }

  private static String metrics(EmbeddedServer node) {
    return HttpCalls.getAsync(node, "/metrics", "X-API-Key", key(node)).join().body();
  }

  private static String health(EmbeddedServer node) {
    HttpResponse<String> response = HttpCalls.getAsync(node, "/health").join();
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  @Test
  void nodesShareALimit() throws Exception {
    try (RedisServer redis = new RedisServer(LastwordProcess.freePort());
        EmbeddedServer one = node(redis.uri());
        EmbeddedServer other = node(redis.uri())) {
      await().until(() -> isShared(one) && isShared(other));
      String key = key(one);
      for (int i = LIMIT - 1; i >= 0; i--) {
        assertThat(remaining(i % 2 == 0 ? one : other, key)).isEqualTo(i);
      }
      for (EmbeddedServer node : Set.of(one, other)) {
        HttpResponse<String> refused = read(node, key);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("RateLimit").orElse("")).contains("r=0");
        // 30 an hour is one every two minutes.
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
            .isBetween(60L, 120L);
      }
    }
  }

  @Test
  void whileRedisHangsEachNodeLimitsAlone() throws Exception {
    try (RedisServer redis = new RedisServer(LastwordProcess.freePort());
        EmbeddedServer one = node(redis.uri());
        EmbeddedServer other = node(redis.uri())) {
      await().until(() -> isShared(one) && isShared(other));
      String key = key(one);
      for (int i = 1; i <= 10; i++) {
        assertThat(remaining(one, key)).isEqualTo(LIMIT - i);
      }
      redis.signal("STOP");
      try {
        // With a new bucket in memory.
        assertThat(remaining(one, key)).isEqualTo(LIMIT - 1);
        await().until(() -> isAlone(one));
        for (int i = 0; i < LIMIT; i++) {
          read(one, key);
        }
        assertThat(read(one, key).statusCode()).isEqualTo(429);
        assertThat(remaining(other, key)).isEqualTo(LIMIT - 1);
      } finally {
        redis.signal("CONT");
      }
      await().until(() -> isShared(one) && isShared(other));
      assertThat(remaining(other, key)).isLessThan(LIMIT - 10);
    }
  }

  @Test
  void aLateAnswerDoesNotMakeRedisUnavailable() throws Exception {
    try (RedisServer redis = new RedisServer(LastwordProcess.freePort());
        EmbeddedServer node = node(redis.uri())) {
      await().until(() -> isShared(node));
      String key = key(node);
      Gauge shared =
          node.getApplicationContext()
              .getBean(MeterRegistry.class)
              .get("lastword.rate.limits.shared")
              .gauge();
      for (int i = 0; i < 5; i++) {
        await()
            .until(() -> read(node, key).headers().firstValue("X-RateLimit-Remaining").isPresent());
        Thread.sleep(i == 0 ? 1_500 : 0); // nothing was answered for a while
        redis.signal("STOP");
        try {
          assertThat(read(node, key).statusCode()).isEqualTo(200);
          assertThat(shared.value()).isEqualTo(1);
        } finally {
          redis.signal("CONT");
        }
      }
    }
  }

  @Test
  void redisMayBeStartedLaterAndRestarted() throws Exception {
    int port = LastwordProcess.freePort();
    try (EmbeddedServer one = node(RedisServer.uri(port))) {
      String key = key(one);
      assertThat(remaining(one, key)).isEqualTo(LIMIT - 1);
      assertThat(isAlone(one)).isTrue();
      try (RedisServer redis = new RedisServer(port)) {
        await().until(() -> isShared(one));
        assertThat(remaining(one, key)).isEqualTo(LIMIT - 1);
        redis.kill();
        assertThat(read(one, key).statusCode()).isEqualTo(200);
        assertThat(isAlone(one)).isTrue();
        redis.restart();
        await().until(() -> isShared(one));
      }
    }
  }
}
