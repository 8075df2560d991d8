package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenKeysTest {
  private static final String SECRET = "a secret of more than 32 characters";

  private final String url = TestDatabase.create();

  private EmbeddedServer node(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.promotion.enabled", false);
    settings.putAll(more);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  @ParameterizedTest
  @CsvSource({"false, false, 200", "true, true, 200", "false, true, 401", "true, false, 401"})
  void aTokenOfOneNodeIsValidOnAnotherWithTheSameSetting(
      boolean given, boolean otherGiven, int status) throws Exception {
    Map<String, Object> secret = Map.of("lastword.token-secret", SECRET);
    try (EmbeddedServer one = node(given ? secret : Map.of());
        EmbeddedServer other = node(otherGiven ? secret : Map.of())) {
      ApplicationContext beans = one.getApplicationContext();
      Tenant tenant = beans.getBean(Tenants.class).find(Tenant.DEFAULT).orElseThrow();
      ApiKey key =
          beans
              .getBean(Keys.class)
              .create("test", tenant, Set.of(Scope.READ), KeyRestrictions.NONE, false, "", null)
              .key();
      String token =
          beans
              .getBean(Tokens.class)
              .issue(key.id(), Set.of(Scope.READ), Duration.ofMinutes(1))
              .text();
      for (int i = 0; i < 2; i++) {
        var answer =
            HttpCalls.getAsync(other, "/searches", "Authorization", "Bearer " + token).join();
        assertThat(answer.statusCode()).isEqualTo(status);
      }
      assertThat(SignedJWT.parse(token).getHeader().getKeyID())
          .matches(given ? "setting" : "[0-9a-z]{12}");
      assertThat(TestDatabase.number(url, "SELECT COUNT(*) FROM token_key"))
          .isEqualTo(given ? 0 : 1);
    }
  }
}
