package dev.lastword.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database hangs, works again, and disappears. */
class OutageTest {
  private static final List<String> READS =
      List.of(
          "/searches",
          "/searches?q=berlin",
          "/searches/staged",
          "/searches/stream",
          "/events",
          "/events?q=berlin",
          "/events/count",
          "/events/stream",
          "/stats");

  private final String url = TestDatabase.create();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsAreAnsweredWith503UntilTheDatabaseWorksAgain(boolean keys) throws Exception {
    try (FaultyProxy wire = new FaultyProxy(url)) {
      // A statement that was sent just before the database hung fails after that time.
      Map<String, Object> settings =
          new HashMap<>(TestDatabase.settings(wire.url() + "&socketTimeout=3000"));
      settings.put("lastword.port", -1);
      settings.put("lastword.max-wait", "1s");
      settings.put("lastword.promotion.enabled", false);
      try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
        String[] headers = keys ? new String[] {"X-API-Key", key(node)} : new String[0];
        wire.block();
        assertUnavailable(requests(node, headers));
        wire.unblock();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> HttpCalls.getAsync(node, "/searches", headers).join().statusCode() == 200);
        wire.cut();
        var requests = requests(node, headers);
        if (!keys) {
          requests.add(
              HttpCalls.postAsync(node, "/events", "{\"topic\":\"t\"}", "Idempotency-Key", "k"));
        }
        assertUnavailable(requests);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100})
  void whatComesAtOnceIsTakenFromADatabaseFarAway(int millisEachWay) throws Exception {
    try (FaultyProxy wire = new FaultyProxy(url);
        EmbeddedServer node = node(wire)) {
      wire.delay(Duration.ofMillis(millisEachWay));
      for (int round = 0; round < 3; round++) {
        List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          requests.add(keystroke(node, "s" + i));
          if (millisEachWay < 100) { // a commit of events takes nine round trips
            requests.add(event(node, "t" + i));
          }
        }
        assertThat(requests)
            .allSatisfy(request -> assertThat(request.join().statusCode()).isEqualTo(202));
      }
    }
  }

  @Test
  void aStallThatIsShorterThanTheLongestWaitRefusesNothing() throws Exception {
    try (FaultyProxy wire = new FaultyProxy(url);
        EmbeddedServer node = node(wire)) {
      String key = key(node);
      wire.block();
      List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        // The node does not know the key yet.
        requests.add(keystroke(node, "s" + i, "X-API-Key", key));
      }
      TimeUnit.SECONDS.sleep(2);
      assertThat(requests).noneMatch(CompletableFuture::isDone);
      wire.unblock();
      assertThat(requests)
          .allSatisfy(request -> assertThat(request.join().statusCode()).isEqualTo(202));
    }
  }

  private static EmbeddedServer node(FaultyProxy wire) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(wire.url()));
    settings.put("lastword.port", -1);
    settings.put("lastword.jobs.enabled", false);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  private static CompletableFuture<HttpResponse<String>> keystroke(
      EmbeddedServer node, String session, String... headers) {
    String row = "{\"session_id\":\"%s\",\"keyword\":\"k\"}".formatted(session);
    return HttpCalls.postAsync(node, "/log", row, headers);
  }

  /** The claim of a key hangs until the driver's timeout of a minute. */
  @Test
  void aRequestWithAKeyIsAnsweredWhileTheDatabaseHangsAndMayBeRepeated() throws Exception {
    try (FaultyProxy wire = new FaultyProxy(url)) {
      Map<String, Object> settings = new HashMap<>(TestDatabase.settings(wire.url()));
      settings.put("lastword.port", -1);
      settings.put("lastword.max-wait", "1s");
      settings.put("lastword.jobs.enabled", false);
      try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
        assertThat(keyed(node, "first").join().statusCode()).isEqualTo(202);
        wire.block();
        assertUnavailable(List.of(keyed(node, "second")));
        wire.unblock();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> keyed(node, "second").join().statusCode() == 202);
      }
    }
  }

  private static String key(EmbeddedServer node) {
    ApplicationContext beans = node.getApplicationContext();
    Tenant tenant = beans.getBean(Tenants.class).find(Tenant.DEFAULT).orElseThrow();
    return beans
        .getBean(Keys.class)
        .create(
            "test",
            tenant,
            EnumSet.of(Scope.READ, Scope.WRITE),
            KeyRestrictions.NONE,
            false,
            "",
            null)
        .text();
  }

  private static CompletableFuture<HttpResponse<String>> keyed(EmbeddedServer node, String key) {
    return event(node, key, "Idempotency-Key", key);
  }

  private static CompletableFuture<HttpResponse<String>> event(
      EmbeddedServer node, String topic, String... headers) {
    return HttpCalls.postAsync(node, "/events", "{\"topic\":\"%s\"}".formatted(topic), headers);
  }

  private static List<CompletableFuture<HttpResponse<String>>> requests(
      EmbeddedServer node, String... headers) {
    List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
    READS.forEach(path -> requests.add(HttpCalls.getAsync(node, path, headers)));
    requests.add(
        HttpCalls.postAsync(node, "/log", "{\"session_id\":\"s\",\"keyword\":\"k\"}", headers));
    requests.add(HttpCalls.postAsync(node, "/events", "{\"topic\":\"t\"}", headers));
    return requests;
  }

  /** Asserts 503 without waiting much longer than max-wait, or than a statement may take. */
  private static void assertUnavailable(List<CompletableFuture<HttpResponse<String>>> requests)
      throws Exception {
    for (var request : requests) {
      var answer = request.get(20, TimeUnit.SECONDS);
      String name = answer.request().toString();
      assertThat(answer.statusCode()).as(name).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).as(name).isPresent();
      assertThat(answer.body()).as(name).contains("\"status\":503");
    }
  }
}
