package dev.lastword.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.event.LoggedEvents;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
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
  @Inject IdempotencyKeyCleanup cleanup;
  @Inject IdempotentRequests requests;

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
    List<Function<IntFunction<String>, CompletableFuture<io.micronaut.http.HttpResponse<?>>>>
        failures =
            List.of(
                ids -> CompletableFuture.failedFuture(new IllegalStateException("late")),
                ids -> {
                  throw new IllegalStateException("at once");
                });
    for (var failure : failures) {
      assertThat(requests.once(1, "", key, () -> new byte[32], failure))
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
    cleanup.run();
    assertThat(post(key, "{}").statusCode()).isEqualTo(422);
    age(key, "INTERVAL 2 HOUR");
    assertThat(post(key, "{\"topic\":\"" + topic + "\"}").statusCode()).isEqualTo(202);
    age(key, "INTERVAL 25 HOUR");
    cleanup.run();
    assertThat(logged.number("SELECT COUNT(*) FROM idempotency_key WHERE idem_key = ?", key))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"255, 202", "256, 400"})
  void aKeyHasUpTo255Characters(int length, int status) {
    String longKey = (key + "k".repeat(256)).substring(0, length);
    assertThat(post(longKey, "{\"topic\":\"" + topic + "\"}").statusCode()).isEqualTo(status);
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
