package dev.lastword.event.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.RowLocks;
import dev.lastword.event.LoggedEvents;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class EventKeyCleanupTest {

  @Inject HttpCalls http;
  @Inject LoggedEvents logged;
  @Inject EventKeyCleanup cleanup;

  @Value("${lastword.db.url}")
  String url;

  private final String topic = "t-" + UUID.randomUUID();

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
    cleanup.run();
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
    CompletableFuture<Void> running;
    try (Connection other = logged.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute(age.formatted("+", month, topic));
      running = CompletableFuture.runAsync(cleanup::run);
      await()
          .pollInterval(RowLocks.CACHED)
          .until(() -> RowLocks.waiting(url, "event_key"), transaction -> transaction > 0);
      other.commit();
    }
    running.join();
    assertThat(logged.number("SELECT COUNT(*) FROM event_key WHERE topic = ?", topic)).isOne();
  }

  private String event(String id) {
    return "{\"topic\":\"%s\",\"event_id\":\"%s\"}".formatted(topic, id);
  }
}
