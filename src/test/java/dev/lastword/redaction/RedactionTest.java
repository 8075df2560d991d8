package dev.lastword.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Tests where texts and payloads are redacted on their way. */
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "1h")
@Property(name = "lastword.rest", value = "10ms")
@Property(name = "lastword.redact.drop", value = "card.number, password")
@Property(name = "lastword.redact.hash", value = "ip")
@Property(name = "lastword.redact.key", value = "12345678901234567890123456789012")
class RedactionTest {

  @Inject HttpCalls http;

  private void type(String session, String keyword, boolean submitted) {
    assertThat(
            http.post(
                    "/log",
                    "{\"session_id\": \"%s\", \"keyword\": \"%s\", \"submitted\": %s}"
                        .formatted(session, keyword, submitted),
                    "Content-Type",
                    "application/json")
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void readersOfStagingSeeNoPersonalDataAndTheLogHasNone() {
    type("s", "Ann@Example.com", true);
    type("s", "parcel +49 30 901820", false);
    assertThat(http.get("/searches/staged").body())
        .contains("[email]", "parcel [phone]")
        .doesNotContain("xample", "901820");
    type("s", "parcel +49 30 901820", true);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.get("/searches").body().contains("parcel [phone]"));
    assertThat(http.get("/searches?starts_with=%5Bemail").body())
        .contains("\"keyword\":\"[email]\"");
    assertThat(http.get("/searches").body()).doesNotContain("xample", "901820");
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    assertThat(http.get("/stats/top-searches?from=" + today).body())
        .contains("\"keyword\":\"[email]\"", "\"keyword\":\"parcel [phone]\"");
    assertThat(http.get("/metrics").body())
        .contains("lastword_keywords_masked_total{tenant=\"1\"} 2.0");
  }

  @Test
  void payloadsAreRedactedBeforeTheyAreStored() {
    String event =
        """
        [{"topic": "pay", "event_id": "p", "password": "geheim", "payload":
          {"card": {"number": "4111", "type": "visa"}, "ip": "192.0.2.1", "total": 1.50}}]
        """;
    assertThat(http.post("/events", event, "Content-Type", "application/json").body())
        .contains("\"accepted\":1");
    assertThat(http.get("/events?topic=pay").body())
        .contains("\"card\":{\"type\":\"visa\"}", "\"ip\":\"", "\"total\":1.5")
        .doesNotContain("4111", "192.0.2.1", "geheim");
    assertThat(http.get("/metrics").body())
        .contains("lastword_payload_fields_redacted_total{action=\"drop\",tenant=\"1\"} 2.0");
  }
}
