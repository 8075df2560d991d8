package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node is frozen by SIGSTOP in the middle of a promotion, holding locks on the rows of sessions
 * that type at both nodes, and resumes after the server has ended its transaction.
 */
@Timeout(180)
class FrozenNodeTest {
  private static final int TYPISTS = 8;
  private static final String TRANSACTIONS =
      """
      SELECT COUNT(*) FROM information_schema.innodb_trx AS t
      JOIN information_schema.processlist AS p ON p.id = t.trx_mysql_thread_id
      WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID() AND t.trx_rows_locked > 0
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url = TestDatabase.create();
  private final List<Process> nodes = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<URI> rotation = List.of();
  private volatile boolean done;

  @BeforeEach
  void start() throws IOException {
    List<URI> addresses = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ProcessBuilder node = LastwordProcess.command("serve", "--port", "0", "--db-url", url);
      node.environment().put("LASTWORD_DEBOUNCE", "1s");
      nodes.add(node.start());
      addresses.add(LastwordProcess.address(nodes.get(i)));
    }
    rotation = addresses;
  }

  @AfterEach
  void stop() {
    done = true;
    nodes.forEach(node -> node.destroyForcibly().onExit().join());
  }

  @Test
  void aFrozenPromoterLosesItsLocksAndNoSearchIsLostOrDoubled() throws Exception {
    ExecutorService typists = Executors.newFixedThreadPool(TYPISTS);
    try {
      List<Future<Integer>> typing = new ArrayList<>();
      for (int typist = 0; typist < TYPISTS; typist++) {
        String session = "s" + typist;
        typing.add(typists.submit((Callable<Integer>) () -> type(session)));
      }
      List<URI> both = rotation;
      freezeInPromotion();
      rotation = both.subList(1, 2); // as a load balancer does
      search("undisturbed", 0);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> number("SELECT COUNT(*) FROM search_log WHERE session_id = 'undisturbed'") > 0);
      assertThat(number(TRANSACTIONS)).as("the frozen node still holds its rows").isPositive();
      await().atMost(Duration.ofSeconds(30)).until(() -> number(TRANSACTIONS) == 0);
      signal("CONT");
      rotation = both;
      int searches = 1;
      done = true;
      for (Future<Integer> typed : typing) {
        searches += typed.get();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number("SELECT COUNT(*) FROM search_staging WHERE bucket < 64") == 0);
      assertThat(number("SELECT COUNT(DISTINCT session_id, keyword) FROM search_log"))
          .isEqualTo(searches);
      assertThat(number("SELECT COUNT(*) FROM search_log")).isEqualTo(searches);
      assertThat(number("SELECT SUM(searches) FROM daily_search")).isEqualTo(searches);
    } finally {
      done = true;
      typists.shutdown();
    }
  }

  /** Stops the first node while it promotes and holds the rows of typists. */
  private void freezeInPromotion() throws Exception {
    try (Connection holder = DriverManager.getConnection(url)) {
      holder.setAutoCommit(false);
      boolean frozen = false;
      while (!frozen) {
        // Promotion claims its rows, and then waits for the daily counts.
        holder.createStatement().executeQuery("SELECT * FROM daily_search FOR UPDATE").close();
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(150)) // the server caches that view for 0.1 s
            .until(() -> number(TRANSACTIONS + " AND t.trx_state = 'LOCK WAIT'") > 0);
        signal("STOP");
        holder.rollback();
        Thread.sleep(300); // a node that runs commits within that time: the other one had waited
        frozen = number(TRANSACTIONS) > 0;
        if (!frozen) {
          signal("CONT");
        }
      }
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(nodes.get(0).pid())).start().waitFor();
  }

  /** Searches for one thing after the other until the test is done; returns how many. */
  private int type(String session) throws InterruptedException {
    int searches = 0;
    while (!done) {
      search(session, searches++);
    }
    return searches;
  }

  /**
   * Sends a submitted text until it is accepted. It has no prefixes: the node may freeze after it
   * has committed some of them, and a prefix that nothing follows is a search.
   */
  private void search(String session, int number) throws InterruptedException {
    String keystroke =
        """
        {"session_id":"%s","keyword":"number %d","typed_at":"%s","submitted":true}"""
            .formatted(session, number, Instant.now());
    do {
      Thread.sleep(200); // a row holds 32 searches; more are dropped
    } while (!isAccepted(keystroke));
  }

  private boolean isAccepted(String keystroke) throws InterruptedException {
    List<URI> nodes = rotation;
    URI node = nodes.get(Math.floorMod(turn.incrementAndGet(), nodes.size()));
    var request =
        HttpRequest.newBuilder(node.resolve("/log"))
            .timeout(Duration.ofSeconds(6))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(keystroke));
    try {
      int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
      assertThat(status).isIn(202, 503);
      return status == 202;
    } catch (IOException e) {
      return false;
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
