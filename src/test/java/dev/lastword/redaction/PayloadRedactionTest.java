package dev.lastword.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.access.Tenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.core.value.MapPropertyResolver;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadRedactionTest {
  private static final String KEY = "12345678901234567890123456789012";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private PayloadRedaction redaction(String dropped, String hashed, String key) {
    return new PayloadRedaction(
        dropped, hashed, new MapPropertyResolver(Map.of("lastword.redact.key", key)), meters);
  }

  private double count(String action) {
    return meters.get("lastword.payload.fields.redacted").tag("action", action).counter().count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "email | {\"email\":\"a\",\"x\":1} | {\"x\":1}",
        "email | {\"x\":{\"email\":\"a\"}} | {\"x\":{\"email\":\"a\"}}",
        "user.email | {\"user\":{\"email\":\"a\",\"id\":7}} | {\"user\":{\"id\":7}}",
        "user.email | {\"user\":{\"email\":{\"deep\":[1,2]}}} | {\"user\":{}}",
        "user | {\"user\":{\"email\":\"a\"},\"b\":[]} | {\"b\":[]}",
        "items.mail | {\"items\":[{\"mail\":1,\"n\":1},{\"mail\":2},3]} | {\"items\":[{\"n\":1},{},3]}",
        "mail | [{\"mail\":1,\"n\":2}] | [{\"n\":2}]",
        "a.b | {\"a.b\":1,\"c\":2} | {\"c\":2}",
        "größe | {\"größe\":1,\"z\":\"\\\"größe\\\"\"} | {\"z\":\"\\\"größe\\\"\"}"
      })
  void fieldsAreDroppedByTheirPaths(String path, String payload, String redacted) {
    assertThat(redaction(path, "", "").redact(Tenant.DEFAULT_ID, payload)).isEqualTo(redacted);
  }

  @Test
  void whatIsDroppedAndHashedIsCounted() {
    redaction("a,b", "c", KEY)
        .redact(Tenant.DEFAULT_ID, "{\"a\":1,\"b\":{\"a\":1},\"c\":[1],\"d\":2}");
    assertThat(count("drop")).isEqualTo(2);
    assertThat(count("hash")).isEqualTo(1);
  }

  /** HMAC-SHA256 of the texts, computed by openssl. */
  @Test
  void equalValuesHaveEqualHashesWhichNeedTheKey() {
    PayloadRedaction redaction = redaction("", "ip", KEY);
    String hashed = redaction.redact(Tenant.DEFAULT_ID, "{\"ip\":\"192.0.2.1\"}");
    assertThat(hashed).isEqualTo("{\"ip\":\"4b65241a6dae1a901f0cec00846942d1\"}");
    assertThat(redaction.redact(Tenant.DEFAULT_ID, "{\"x\":1,\"ip\":\"192.0.2.1\"}"))
        .endsWith(",\"ip\":\"4b65241a6dae1a901f0cec00846942d1\"}");
    assertThat(redaction.redact(Tenant.DEFAULT_ID, "{\"ip\":\"192.0.2.2\"}")).isNotEqualTo(hashed);
    assertThat(redaction("", "ip", KEY + "3").redact(Tenant.DEFAULT_ID, "{\"ip\":\"192.0.2.1\"}"))
        .isNotEqualTo(hashed);
    assertThat(redaction.redact(Tenant.DEFAULT_ID, "{\"ip\":null}")).isEqualTo("{\"ip\":null}");
    assertThat(redaction.redact(Tenant.DEFAULT_ID, "{\"ip\":[\"192.0.2.1\"]}"))
        .matches("\\{\"ip\":\"[0-9a-f]{32}\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":1.10,\"y\":12345678901234567890,\"z\":1E+2,\"t\":true,\"n\":null}",
        "\"email\"",
        "{\"x\":\"email\\u0001\\\\\\\"é😀\"}",
        "[]"
      })
  void allElseStaysAsItIs(String payload) {
    assertThat(redaction("email", "", "").redact(Tenant.DEFAULT_ID, payload)).isEqualTo(payload);
    String extended = "{\"p\":" + payload + ",\"email\":1}";
    assertThat(redaction("email", "", "").redact(Tenant.DEFAULT_ID, extended))
        .isEqualTo("{\"p\":" + payload + "}");
  }
}
