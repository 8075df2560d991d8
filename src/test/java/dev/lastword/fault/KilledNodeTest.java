package dev.lastword.fault;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import dev.lastword.database.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The service and its database are killed, the service alone or the database first, while senders
 * repeat unanswered requests: nothing is lost, nothing is stored twice, and the order of each
 * source is kept.
 */
@Tag("once")
@Timeout(300)
class KilledNodeTest {
  private static final Path DATA = Path.of("target", "killed-node-test");
  private static final int SOURCES = 4;
  private static final int BATCH = 5;
  private static final int ROUNDS = 2;

  private final AtomicInteger answered = new AtomicInteger();
  private volatile URI address = URI.create("http://127.0.0.1:1");
  private volatile boolean done;

  @Test
  void nothingIsLostAndNothingIsDoubled() throws Exception {
    TestDatabase.createData(DATA);
    ExecutorService senders = Executors.newFixedThreadPool(SOURCES);
    Process node = start();
    try {
      List<Future<Integer>> sending = new ArrayList<>();
      for (int source = 0; source < SOURCES; source++) {
        int number = source;
        sending.add(senders.submit((Callable<Integer>) () -> send(number)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        awaitAnswers();
        if (round % 2 == 1) { // the database first
          node.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        node.destroyForcibly().onExit().join();
        node = start();
      }
      awaitAnswers();
      done = true;
      int events = 0;
      for (Future<Integer> sent : sending) {
        events += sent.get();
      }
      assertStored(events);
      assertCounted();
    } finally {
      done = true;
      senders.shutdownNow();
      node.destroyForcibly().onExit().join();
    }
  }

  private void awaitAnswers() {
    int before = answered.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() >= before + 40);
  }

  /**
   * Sends batches, each until it is accepted.
   *
   * @return the number of events
   */
  private int send(int source) throws InterruptedException {
    int batches = 0;
    for (; !done; batches++) {
      int first = batches * BATCH;
      String body =
          IntStream.range(first, first + BATCH)
              .mapToObj(
                  i ->
                      "{\"topic\":\"t\",\"source\":\"s%d\",\"event_id\":\"s%d-%d\",\"user_id\":\"u%d\",\"value\":%d}"
                          .formatted(source, source, i, i % 50, i))
              .collect(Collectors.joining(",", "[", "]"));
      while (!HttpCalls.isAccepted(address, "/events", body)) {
        Thread.sleep(50);
      }
      answered.incrementAndGet();
    }
    return batches * BATCH;
  }

  private static void assertStored(int events) throws SQLException {
    try (Connection database = EmbeddedDatabase.running(DATA).orElseThrow().connect()) {
      assertThat(number(database, "SELECT COUNT(*) FROM event_log")).isEqualTo(events);
      assertThat(number(database, "SELECT COUNT(DISTINCT event_id) FROM event_log"))
          .isEqualTo(events);
      assertThat(number(database, "SELECT SUM(events) FROM daily_topic")).isEqualTo(events);
      for (int source = 0; source < SOURCES; source++) {
        // A batch is split over lanes; the next one is sent when all of it is stored.
        List<Integer> batches = new ArrayList<>();
        try (var statement = database.createStatement();
            var rows =
                statement.executeQuery(
                    "SELECT FLOOR(value / %d) FROM event_log WHERE source = 's%d' ORDER BY id"
                        .formatted(BATCH, source))) {
          while (rows.next()) {
            batches.add(rows.getInt(1));
          }
        }
        assertThat(batches).isSorted();
      }
    }
  }

  /** Answers count everything first; then the doctor compares with the log. */
  private void assertCounted() throws Exception {
    HttpResponse<String> users = HttpCalls.get(address, "/stats/dau?topic=t");
    assertThat(users.body()).endsWith("\"active_users\":50}]");
    Process doctor =
        LastwordProcess.command("doctor", "--counts", "--data", DATA.toString()).start();
    String findings = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(doctor.waitFor()).as(findings).isZero();
    assertThat(findings).contains("no difference");
  }

  private Process start() throws IOException {
    Process node = LastwordProcess.start("serve", "--port", "0", "--data", DATA.toString());
    address = LastwordProcess.address(node);
    return node;
  }
}
