package dev.lastword.event.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastword.TestDatabase;
import dev.lastword.event.LoggedEvents;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes on one database, many senders: repeats count once, and the totals are exact. */
class ExactlyOnceTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String URL = TestDatabase.create();
  private static final LoggedEvents LOGGED = new LoggedEvents(URL);
  private static final String DEADLOCKS =
      "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'";
  private static final ExecutorService SENDERS = Executors.newFixedThreadPool(8);
  private static final List<EmbeddedServer> NODES = new ArrayList<>();

  /** Sums over the responses to all senders. */
  private record Sums(long accepted, long duplicates, long rejected) {
    static final Sums NONE = new Sums(0, 0, 0);

    Sums plus(Sums other) {
      return new Sums(
          accepted + other.accepted, duplicates + other.duplicates, rejected + other.rejected);
    }
  }

  @BeforeAll
  static void start() {
    for (int i = 0; i < 2; i++) {
      Map<String, Object> settings = new HashMap<>(TestDatabase.settings(URL));
      settings.put("lastword.port", -1);
      settings.put("lastword.promotion.enabled", false);
      settings.put("lastword.max-wait", "30s");
      NODES.add(ApplicationContext.run(EmbeddedServer.class, settings));
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(EmbeddedServer::close);
    SENDERS.shutdown();
  }

  @Test
  void theSameEventAtTwoNodesInTheSameMomentIsNewAtOne() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    for (int round = 0; round < 100; round++) {
      String event = "{\"topic\":\"race\",\"event_id\":\"e%d\",\"user_id\":\"u\"}".formatted(round);
      List<Callable<Sums>> sends = new ArrayList<>();
      for (EmbeddedServer node : NODES) {
        sends.add(
            () -> {
              together.await();
              return send(node, event);
            });
      }
      assertThat(all(sends)).isEqualTo(new Sums(1, 1, 0));
    }
    assertTotals("race", new Sums(100, 100, 0));
  }

  @Test
  void ofManyRequestsThatShareACommitOneHasTheNewEvent() throws Exception {
    String event = "{\"topic\":\"shared\",\"event_id\":\"e\"}";
    Sums sums = all(Collections.nCopies(64, (Callable<Sums>) () -> send(NODES.get(0), event)));
    assertThat(sums).isEqualTo(new Sums(1, 63, 0));
    assertTotals("shared", sums);
  }

  /** Runs with a quarter and with 98 % of repeats. */
  @ParameterizedTest
  @CsvSource({"load, 15000, 5000", "again, 400, 19600"})
  void batchesWithRepeatsFromEightSendersAtTwoNodesAreStoredExactlyOnce(
      String topic, int distinct, int repeats) throws Exception {
    long deadlocks = number(DEADLOCKS);
    List<String> events =
        IntStream.range(0, distinct + repeats)
            .map(i -> i % distinct)
            .mapToObj(
                i ->
                    "{\"topic\":\"%s\",\"event_id\":\"e%d\",\"user_id\":\"u%d\",\"value\":%d}"
                        .formatted(topic, i, i % 500, i % 10))
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(events, new Random(7));
    List<Callable<Sums>> sends = new ArrayList<>();
    for (int start = 0; start < events.size(); start += 250) {
      EmbeddedServer node = NODES.get(sends.size() % 2);
      String batch = events.subList(start, start + 250).toString();
      sends.add(() -> send(node, batch));
    }
    Sums sums = all(sends);
    assertThat(sums).isEqualTo(new Sums(distinct, repeats, 0));
    assertTotals(topic, sums);
    assertThat(number("SELECT SUM(value_sum) FROM daily_topic WHERE topic = '%s'".formatted(topic)))
        .isEqualTo(distinct / 10 * 45);
    assertThat(number(DEADLOCKS)).isEqualTo(deadlocks);
  }

  @Test
  void whateverIsMixedAcceptedAndDuplicatesAndRejectedAreAllThatCame() throws Exception {
    List<Callable<Sums>> sends = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Random random = new Random(i);
      String batch =
          IntStream.range(0, 1 + random.nextInt(60))
              .mapToObj(n -> mixed(random))
              .collect(Collectors.joining(",", "[", "]"));
      sends.add(() -> send(NODES.get(random.nextInt(2)), batch));
    }
    Sums sums = all(sends);
    assertTotals("mixed", sums);
    assertThat(
            number(
                "SELECT SUM(events + duplicates + rejected) FROM daily_topic WHERE topic = 'mixed'"))
        .isEqualTo(sums.accepted + sums.duplicates + sums.rejected);
  }

  @Test
  void eventsOfASourceLieInTheOrderInWhichTheyWereAnswered() throws Exception {
    List<Callable<Sums>> sends = new ArrayList<>();
    for (int source = 0; source < 8; source++) {
      int number = source;
      sends.add(
          () -> {
            Sums sums = Sums.NONE;
            for (int i = 0; i < 40; i++) {
              String event =
                  "{\"topic\":\"order\",\"source\":\"s%d\",\"event_id\":\"s%d-%d\",\"value\":%d}";
              sums = sums.plus(send(NODES.get(number % 2), event.formatted(number, number, i, i)));
            }
            return sums;
          });
    }
    assertThat(all(sends)).isEqualTo(new Sums(320, 0, 0));
    for (int source = 0; source < 8; source++) {
      assertThat(
              LOGGED.rows("SELECT value FROM event_log WHERE source = ? ORDER BY id", "s" + source))
          .extracting(row -> (int) Double.parseDouble(String.valueOf(row.get("value"))))
          .containsExactlyElementsOf(IntStream.range(0, 40).boxed().toList());
    }
  }

  private static String mixed(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> "{\"topic\":\"mixed\",\"value\":\"none\"}";
      case 1 -> "{\"topic\":\"mixed\",\"user_id\":\"u%d\"}".formatted(random.nextInt(9));
      default -> "{\"topic\":\"mixed\",\"event_id\":%d}".formatted(random.nextInt(500));
    };
  }

  private static void assertTotals(String topic, Sums sums) {
    assertThat(number("SELECT COUNT(*) FROM event_log WHERE topic = '%s'".formatted(topic)))
        .isEqualTo(sums.accepted);
    assertThat(number("SELECT COUNT(*) FROM event_key WHERE topic = '%s'".formatted(topic)))
        .isEqualTo(sums.accepted);
    String sum = "SELECT COALESCE(SUM(%s), 0) FROM daily_topic WHERE topic = '%s'";
    assertThat(number(sum.formatted("events", topic))).isEqualTo(sums.accepted);
    assertThat(number(sum.formatted("duplicates", topic))).isEqualTo(sums.duplicates);
    assertThat(number(sum.formatted("rejected", topic))).isEqualTo(sums.rejected);
  }

  private static long number(String sql) {
    return (long)
        Double.parseDouble(String.valueOf(LOGGED.rows(sql).get(0).values().iterator().next()));
  }

  private static Sums all(List<Callable<Sums>> sends) throws Exception {
    Sums sums = Sums.NONE;
    for (Future<Sums> sent : SENDERS.invokeAll(sends)) {
      sums = sums.plus(sent.get());
    }
    return sums;
  }

  private static Sums send(EmbeddedServer node, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(node.getURL() + "/events"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    var answer = CLIENT.send(request, BodyHandlers.ofString());
    JsonNode json = JSON.readTree(answer.body());
    if (answer.statusCode() == 400) {
      return new Sums(0, 0, json.get("rejected").size());
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new Sums(
        json.get("accepted").asInt(), json.get("duplicates").asInt(), json.get("failed").asInt());
  }
}
