package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.Migrations;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAccessTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "no-such-host.invalid"})
  void aServerWithoutKeysDoesNotListenToOthersUnasked(String host) {
    try (ApplicationContext context = context(host, Map.of())) {
      assertThatThrownBy(() -> context.getBean(EmbeddedServer.class))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(host)
          .hasMessageContaining("LASTWORD_OPEN=true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void onLoopbackItListensAsItIs(String host) {
    try (ApplicationContext context = context(host, Map.of())) {
      assertThat(context.getBean(EmbeddedServer.class).start().isRunning()).isTrue();
    }
  }

  @Test
  void withAKeyItListensToOthersAndRefusesThemWithoutOne() throws Exception {
    String url = TestDatabase.create();
    Migrations.run(DatabaseAddress.parse(url, null, null));
    TestDatabase.execute(
        url,
        """
        INSERT INTO api_key (id, tenant_id, secret_hash, scopes, label, created_at, revoked_at)
        VALUES ('000000000000', 1, '', 'read', 'revoked, but a key', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))
        """);
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    try (ApplicationContext context = context("0.0.0.0", settings)) {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      URI node = URI.create("http://127.0.0.1:" + server.getPort());
      assertThat(HttpCalls.get(node, "/searches").statusCode()).isEqualTo(401);
      assertThat(HttpCalls.get(node, "/health/liveness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void askedToBeOpenItIs() {
    try (ApplicationContext context = context("0.0.0.0", Map.of("lastword.open", true))) {
      assertThat(context.getBean(EmbeddedServer.class).start().isRunning()).isTrue();
    }
  }

  private static ApplicationContext context(String host, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(TestDatabase.create()));
    settings.putAll(more);
    settings.put("lastword.host", host);
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    return ApplicationContext.run(settings);
  }
}
