package dev.lastword.fault;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.LastwordProcess;
import dev.lastword.RowLocks;
import dev.lastword.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node is frozen by SIGSTOP during a promotion. Its sessions continue at another node, which
 * encounters the locks on their rows. The frozen node resumes after the server has ended its
 * transaction.
 */
@Timeout(180)
class FrozenNodeTest {
  private static final int TYPISTS = 8;

  private final String url = TestDatabase.create();
  private final List<Process> nodes = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<URI> rotation = List.of();
  private volatile boolean done;

  @AfterEach
  void stop() {
    done = true;
    nodes.forEach(node -> node.destroyForcibly().onExit().join());
  }

  @Test
  void aFrozenPromoterLosesItsLocksAndNoSearchIsLostOrDoubled() throws Exception {
    URI frozen = startNode();
    rotation = List.of(frozen);
    ExecutorService typists = Executors.newFixedThreadPool(TYPISTS);
    try {
      List<Future<Integer>> typing = new ArrayList<>();
      for (int typist = 0; typist < TYPISTS; typist++) {
        String session = "s" + typist;
        typing.add(typists.submit((Callable<Integer>) () -> type(session)));
      }
      long promotion = freezeInPromotion();
      URI other = startNode();
      rotation = List.of(other); // like a load balancer
      search("undisturbed", 0);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  number(url, "SELECT COUNT(*) FROM search_log WHERE session_id = 'undisturbed'")
                      > 0);
      assertThat(RowLocks.isOpen(url, promotion))
          .as("the frozen node still holds its rows")
          .isTrue();
      await().atMost(Duration.ofSeconds(30)).until(() -> !RowLocks.isOpen(url, promotion));
      signal("CONT");
      rotation = List.of(frozen, other);
      int searches = 1;
      done = true;
      for (Future<Integer> typed : typing) {
        searches += typed.get();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_staging WHERE bucket < 64") == 0);
      assertThat(number(url, "SELECT COUNT(DISTINCT session_id, keyword) FROM search_log"))
          .isEqualTo(searches);
      assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isEqualTo(searches);
      int counted = searches;
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT SUM(searches) FROM daily_search") == counted);
    } finally {
      done = true;
      typists.shutdown();
    }
  }

  private URI startNode() throws IOException {
    ProcessBuilder node = LastwordProcess.command("serve", "--port", "0", "--db-url", url);
    node.environment().put("LASTWORD_DEBOUNCE", "1s");
    Process process = node.start();
    nodes.add(process);
    return LastwordProcess.address(process);
  }

  /**
   * Stops the node while it promotes and holds the rows of typists.
   *
   * @return its transaction
   */
  private long freezeInPromotion() throws Exception {
    try (Connection holder = DriverManager.getConnection(url)) {
      holder.setAutoCommit(false);
      // Promotion claims its rows, and then waits for the outbox, for a second at most.
      holder.createStatement().executeQuery("SELECT * FROM feed_outbox FOR UPDATE").close();
      while (true) {
        long promotion =
            await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(RowLocks.CACHED)
                .until(() -> RowLocks.waiting(url, "feed_outbox"), id -> id > 0);
        signal("STOP");
        Thread.sleep(RowLocks.CACHED.toMillis());
        if (RowLocks.isOpen(url, promotion)) {
          return promotion;
        }
        signal("CONT");
      }
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(nodes.get(0).pid())).start().waitFor();
  }

  /**
   * Searches repeatedly until the test ends.
   *
   * @return the number of searches
   */
  private int type(String session) throws InterruptedException {
    int searches = 0;
    while (!done) {
      search(session, searches++);
    }
    return searches;
  }

  /**
   * Sends a submitted text until it is accepted, without its prefixes: the node may freeze after it
   * has committed some of them, and the last prefix would be a search.
   */
  private void search(String session, int number) throws InterruptedException {
    String keystroke =
        """
        {"session_id":"%s","keyword":"number %d","typed_at":"%s","submitted":true}"""
            .formatted(session, number, Instant.now());
    do {
      Thread.sleep(200);
    } while (!isAccepted(keystroke));
  }

  private boolean isAccepted(String keystroke) throws InterruptedException {
    List<URI> nodes = rotation;
    URI node = nodes.get(Math.floorMod(turn.incrementAndGet(), nodes.size()));
    return HttpCalls.isAccepted(node, "/log", keystroke);
  }
}
