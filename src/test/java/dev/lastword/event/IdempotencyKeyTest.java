package dev.lastword.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class IdempotencyKeyTest {

  @Inject HttpCalls http;
  @Inject LoggedEvents logged;
  @Inject Forgetting forgetting;
  @Inject IdempotentRequests repeatable;

  private final String topic = "t-" + UUID.randomUUID();
  private final String key = UUID.randomUUID().toString();
  private final String batch =
      "[{\"topic\":\"%1$s\"},{\"topic\":\"%1$s\",\"value\":{}},{\"topic\":\"%1$s\"}]"
          .formatted(topic);

  @Test
  void theFirstAnswerIsGivenAgainAndNothingIsStoredAgain() {
    var first = post(key, batch);
    var again = post(key, batch);
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(http.json(again)).isEqualTo(http.json(first));
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    assertThat(logged.ofTopic(topic)).hasSize(2);
  }

  @Test
  void anAnswerThatIsAProblemIsGivenAgainToo() {
    var first = post(key, "[{\"value\":{}}]");
    var again = post(key, "[{\"value\":{}}]");
    assertThat(again.statusCode()).isEqualTo(400).isEqualTo(first.statusCode());
    assertThat(again.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(http.json(again)).isEqualTo(http.json(first));
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    post(key, batch);
    var other = post(key, "{\"topic\":\"" + topic + "\"}");
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(logged.ofTopic(topic)).hasSize(2);
    assertThat(post(key + "-2", batch).statusCode()).isEqualTo(202);
    assertThat(logged.ofTopic(topic)).hasSize(4);
  }

  @Test
  void theKeyOfARequestThatFailedIsFreeAgain() {
    EventRequest request =
        new EventRequest(
            IngestEndpoint.EVENTS, false, batch.getBytes(StandardCharsets.UTF_8), null);
    List<Function<IntFunction<String>, CompletableFuture<io.micronaut.http.HttpResponse<?>>>>
        failures =
            List.of(
                ids -> CompletableFuture.failedFuture(new IllegalStateException("late")),
                ids -> {
                  throw new IllegalStateException("at once");
                });
    for (var failure : failures) {
      assertThat(repeatable.once(1, key, request, failure))
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .withRootCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(post(key, batch).statusCode()).isEqualTo(202);
  }

  @Test
  void ofManyAtTheSameTimeOneIsCarriedOut() {
    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Integer> codes =
          IntStream.range(0, 8)
              .mapToObj(
                  i -> CompletableFuture.supplyAsync(() -> post(key, batch).statusCode(), threads))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      assertThat(codes).contains(202).allMatch(code -> code == 202 || code == 409);
    } finally {
      threads.shutdown();
    }
    assertThat(logged.ofTopic(topic)).hasSize(2);
  }

  @Test
  void whatADyingNodeLeftHalfDoneIsDoneOnce() {
    post(key, batch);
    logged.execute(
        "UPDATE idempotency_key SET answer = NULL, started_at = UTC_TIMESTAMP(3) WHERE idem_key = '%s'"
            .formatted(key));
    var early = post(key, batch);
    assertThat(early.statusCode()).isEqualTo(409);
    assertThat(early.headers().firstValue("retry-after")).isPresent();
    logged.execute(
        "UPDATE idempotency_key SET started_at = started_at - INTERVAL 1 MINUTE WHERE idem_key = '%s'"
            .formatted(key));
    var again = post(key, batch);
    assertThat(http.json(again).get("duplicates").getIntValue()).isEqualTo(2);
    assertThat(http.json(post(key, batch))).isEqualTo(http.json(again));
    assertThat(logged.ofTopic(topic)).hasSize(2);
  }

  @Test
  void afterADayTheKeyIsForgotten() {
    post(key, batch);
    age(key, "INTERVAL 23 HOUR");
    forgetting.run();
    assertThat(post(key, "{}").statusCode()).isEqualTo(422);
    age(key, "INTERVAL 2 HOUR");
    assertThat(post(key, "{\"topic\":\"" + topic + "\"}").statusCode()).isEqualTo(202);
    age(key, "INTERVAL 25 HOUR");
    forgetting.run();
    assertThat(logged.number("SELECT COUNT(*) FROM idempotency_key WHERE idem_key = ?", key))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"255, 202", "256, 400"})
  void aKeyHasUpTo255Characters(int length, int status) {
    String longKey = (key + "k".repeat(256)).substring(0, length);
    assertThat(post(longKey, "{\"topic\":\"" + topic + "\"}").statusCode()).isEqualTo(status);
  }

  @Test
  void keysOfEventsAreKeptForTheWindowAndNoLonger() {
    http.post("/events", event("old"), "Content-Type", "application/json");
    http.post("/events", event("young"), "Content-Type", "application/json");
    long day = 86_400_000L << 22;
    logged.execute(
        "UPDATE event_key SET id = id - %d WHERE topic = '%s' AND event_id = 'old'"
            .formatted(30 * day + (60_000L << 22), topic));
    logged.execute(
        "UPDATE event_key SET id = id - %d WHERE topic = '%s' AND event_id = 'young'"
            .formatted(30 * day - (60_000L << 22), topic));
    forgetting.run();
    assertThat(logged.rows("SELECT event_id FROM event_key WHERE topic = ?", topic))
        .extracting(row -> row.get("event_id"))
        .containsExactly("young");
  }

  @Test
  void aKeyThatIsStoredAgainBeforeItsDeletionIsKept() throws Exception {
    http.post("/events", event("again"), "Content-Type", "application/json");
    String age = "UPDATE event_key SET id = id %s %d WHERE topic = '%s'";
    long month = 31 * 86_400_000L << 22;
    logged.execute(age.formatted("-", month, topic));
    CompletableFuture<Void> cleanup;
    try (Connection other = logged.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute(age.formatted("+", month, topic));
      cleanup = CompletableFuture.runAsync(forgetting::run);
      await()
          .pollInterval(Duration.ofMillis(150)) // the server caches that view for 0.1 s
          .until(
              () ->
                  logged.number(
                          """
                          SELECT COUNT(*) FROM information_schema.innodb_trx
                          WHERE trx_state = 'LOCK WAIT'
                          """)
                      > 0);
      other.commit();
    }
    cleanup.join();
    assertThat(logged.number("SELECT COUNT(*) FROM event_key WHERE topic = ?", topic)).isOne();
  }

  private String event(String id) {
    return "{\"topic\":\"%s\",\"event_id\":\"%s\"}".formatted(topic, id);
  }

  private void age(String name, String interval) {
    logged.execute(
        "UPDATE idempotency_key SET started_at = started_at - %s WHERE idem_key = '%s'"
            .formatted(interval, name));
  }

  private HttpResponse<String> post(String idempotencyKey, String body) {
    return http.post(
        "/events", body, "Content-Type", "application/json", "Idempotency-Key", idempotencyKey);
  }
}
