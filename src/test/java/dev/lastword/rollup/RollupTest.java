package dev.lastword.rollup;

import static dev.lastword.TestDatabase.execute;
import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.rollup.Logs.Row;
import dev.lastword.row.Timestamps;
import dev.lastword.search.Amendments;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that share a database count its rows. Their jobs do not run by themselves. */
class RollupTest {
  private static final LocalDateTime NOON = LocalDateTime.of(2025, 10, 12, 12, 0);
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final String url = TestDatabase.create();
  private final List<ApplicationContext> nodes = new ArrayList<>();
  private final ApplicationContext one = node();
  private final Logs logs = new Logs(url, one);

  private ApplicationContext node() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.jobs.enabled", false);
    ApplicationContext node = ApplicationContext.run(settings);
    nodes.add(node);
    return node;
  }

  @AfterEach
  void end() {
    nodes.forEach(ApplicationContext::close);
  }

  @Test
  void countsSearchesAndActiveUsersByDay() throws SQLException {
    String longest = "😀".repeat(255);
    logs.add(
        Row.search("bus", "ann", NOON),
        Row.search("bus", "bob", NOON.plusMinutes(59)),
        Row.search("bus", "ann", NOON.plusHours(12)),
        Row.search("train", null, NOON),
        Row.event("order", "ann", NOON),
        Row.event("order", longest, NOON),
        new Row(2, NOON, null, "bus", "ann", 3));
    count();
    logs.assertCounted();
    assertThat(
            number(
                url,
                "SELECT searches FROM daily_search WHERE day = '2025-10-12' AND tenant_id = 1 AND folded = 'bus'"))
        .isEqualTo(2);
    assertThat(
            number(
                url,
                "SELECT users FROM active_user WHERE kind = 0 AND tenant_id = 1 AND day = '2025-10-12'"))
        .isEqualTo(3);
    assertThat(number(url, "SELECT COUNT(*) FROM user_number WHERE user_id = 'ann'")).isEqualTo(2);
  }

  @Test
  void numbersAUserOnceAndUsesAnotherBitmapAfter65536() throws SQLException {
    logs.add(Row.event("t", "first", NOON));
    count();
    execute(url, "UPDATE user_number SET number = 65535");
    execute(url, "DELETE FROM active_user");
    logs.add(Row.event("t", "first", NOON), Row.event("t", "second", NOON));
    count();
    assertThat(number(url, "SELECT number FROM user_number WHERE user_id = 'second'"))
        .isEqualTo(65_536);
    assertThat(number(url, "SELECT COUNT(DISTINCT chunk) FROM active_user")).isEqualTo(2);
    logs.assertCounted();
  }

  @Test
  void countsEachRowOnceWhileFourNodesCountAndConnectionsAreKilled() throws Exception {
    Random random = new Random(17);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    AtomicBoolean done = new AtomicBoolean();
    try (Connection admin = DriverManager.getConnection(url)) {
      List<Future<?>> counting = new ArrayList<>();
      for (ApplicationContext node : List.of(node(), node(), node(), node())) {
        Rollup rollup = node.getBean(Rollup.class);
        counting.add(threads.submit(() -> countUntil(done, rollup)));
      }
      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < 3; writer++) {
        long seed = random.nextLong();
        writing.add(threads.submit(() -> write(new Random(seed), 80)));
      }
      int killed = 0;
      while (!writing.stream().allMatch(Future::isDone)) {
        killed += killOne(admin, random);
        TimeUnit.MILLISECONDS.sleep(30);
      }
      for (Future<?> writer : writing) {
        writer.get();
      }
      done.set(true);
      for (Future<?> counter : counting) {
        counter.get();
      }
      assertThat(killed).isGreaterThan(5);
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> count());
    logs.assertCounted();
  }

  @Test
  void anUncommittedRowIsCountedAfterItsCommitHoweverLateThatIs() throws SQLException {
    transactions()
        .executeWrite(
            status -> {
              logs.add(Row.search("slow", "ann", NOON));
              // On another thread, because here it would be the same transaction.
              CompletableFuture.runAsync(
                      () -> {
                        logs.add(Row.search("fast", "bob", NOON));
                        count();
                        assertThat(searches()).isEqualTo(1);
                      })
                  .join();
              return null;
            });
    count();
    assertThat(searches()).isEqualTo(2);
    logs.assertCounted();
  }

  @Test
  void aRowThatWasDeletedBeforeItWasCountedIsLeftOut() throws SQLException {
    logs.add(Row.event("t", "ann", NOON), Row.event("t", "bob", NOON));
    execute(url, "DELETE FROM event_log WHERE user_id = 'ann'");
    count();
    logs.assertCounted();
    assertThat(number(url, "SELECT position FROM rollup_head WHERE feed = 2")).isEqualTo(2);
  }

  @Test
  void anAnswerCountsWhatWasCommittedBeforeOnAnyNode() throws SQLException {
    CountFreshness other = node().getBean(CountFreshness.class);
    for (int i = 1; i <= 20; i++) {
      logs.add(Row.search("k" + i, "u" + i, NOON));
      Instant before = databaseTime();
      assertThat(other.await().asOf()).isAfterOrEqualTo(before);
      assertThat(number(url, "SELECT SUM(searches) FROM daily_search")).isEqualTo(i);
    }
  }

  @Test
  void anAnswerWaitsNoLongerThanASecondAndSaysHowFarTheCountsAre() throws Exception {
    logs.add(Row.search("counted", "ann", NOON));
    assertThat(count()).isTrue();
    Instant counted = databaseTime();
    logs.add(Row.search("not counted", "ann", NOON));
    try (Connection holder = DriverManager.getConnection(url)) {
      holder.setAutoCommit(false);
      number(holder, "SELECT COUNT(*) FROM rollup_head FOR UPDATE");
      long start = System.nanoTime();
      Instant asOf = one.getBean(CountFreshness.class).await().asOf();
      assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
      assertThat(asOf).isBeforeOrEqualTo(counted);
      holder.rollback();
    }
    assertThat(one.getBean(CountFreshness.class).await().asOf()).isAfter(counted);
    logs.assertCounted();
  }

  @Test
  void tellsWhichTransactionsChangedEarlierDays() throws SQLException {
    LocalDateTime now = Timestamps.toDatabase(databaseTime());
    logs.add(Row.event("t", "ann", now));
    count();
    assertThat(number(url, "SELECT SUM(past_changes) FROM rollup_head")).isZero();
    logs.add(Row.event("t", "ann", now.minusDays(1)), Row.event("t", "ann", now.minusDays(2)));
    count();
    assertThat(number(url, "SELECT SUM(past_changes) FROM rollup_head")).isPositive();
  }

  @Test
  void aRecountRestoresTheCountsOfADay() throws SQLException {
    logs.add(Logs.random(new Random(3), 300));
    count();
    execute(url, "UPDATE daily_search SET searches = searches + 1");
    execute(url, "DELETE FROM hourly_search WHERE HOUR(hour) < 12");
    execute(
        url,
        "UPDATE active_user SET users = 1, bitmap = (SELECT b FROM (SELECT MIN(bitmap) AS b FROM active_user WHERE users = 1) AS x) WHERE kind <> 1");
    execute(url, "INSERT INTO daily_search VALUES (1, '2024-01-01', 'never', 1, 1, 1)");
    // Not counted yet: the recount leaves them to the rollup.
    logs.add(Logs.random(new Random(4), 50));
    recount();
    count();
    logs.assertCounted();
  }

  @Test
  void recountsWhileRowsAreAddedAndCounted() throws Exception {
    logs.add(Logs.random(new Random(5), 500));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    AtomicBoolean done = new AtomicBoolean();
    try {
      ApplicationContext node = node();
      Future<?> counter = threads.submit(() -> countUntil(done, node.getBean(Rollup.class)));
      Future<?> writer = threads.submit(() -> write(new Random(6), 60));
      Future<?> other = threads.submit(() -> write(new Random(7), 60));
      int rounds = 0;
      while (!writer.isDone() || !other.isDone() || rounds < 2) {
        recount();
        rounds++;
      }
      writer.get();
      other.get();
      done.set(true);
      counter.get();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    count();
    logs.assertCounted();
  }

  @Test
  void readsADayPageByPageEvenIfAllItsRowsHaveTheSameTime() throws SQLException {
    int rows = 2 * LoggedRowReader.PAGE + 10;
    logs.add(IntStream.range(0, 10).mapToObj(i -> Row.event("t", "u" + i, NOON)).toList());
    execute(
        url,
        """
        INSERT INTO event_log (bucket, id, occurred_at, tenant_id, topic, event_id, user_id, received_at)
        WITH digit AS (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                       UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9),
             n AS (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS i
                   FROM digit a, digit b, digit c, digit d, digit e WHERE e.d < 2)
        SELECT i %% 64, 1000000000 + i DIV 8, '2025-10-12 12:00:00', 1, 't', CONCAT('x', i), CONCAT('v', i),
               UTC_TIMESTAMP(3)
        FROM n
        """
            .replace("%%", "%"));
    count();
    Recount.Rows counted = one.getBean(Recount.class).day(LocalDate.of(2025, 10, 12));
    assertThat(counted).isEqualTo(new Recount.Rows(0, rows));
    logs.assertCounted();
  }

  @Test
  void aDayWhoseRowsWereDroppedKeepsItsCounts() throws SQLException {
    logs.add(
        Row.search("bus", "ann", NOON.minusMonths(1)),
        Row.event("t", "bob", NOON.minusMonths(1)),
        Row.search("bus", "cid", NOON));
    count();
    execute(url, "UPDATE rollup_head SET log_since = '2025-10-01' WHERE feed = 1");
    execute(url, "DELETE FROM search_log WHERE searched_at < '2025-10-01'");
    recount();
    assertThat(number(url, "SELECT SUM(searches) FROM daily_search")).isEqualTo(2);
    assertThat(number(url, "SELECT users FROM active_user WHERE kind = 0 AND day = '2025-09-12'"))
        .isEqualTo(2);
    // The other log still has its rows, and its counts follow them.
    execute(url, "DELETE FROM event_log");
    recount();
    assertThat(number(url, "SELECT users FROM active_user WHERE kind = 0 AND day = '2025-09-12'"))
        .isEqualTo(1);
  }

  @Test
  void anAmendedSearchIsCountedAsItIsNow() throws SQLException {
    logs.add(
        Row.search("busin", null, NOON),
        Row.search("busin", "bob", NOON),
        Row.search("hotel", "bob", NOON.plusHours(1)));
    // Amended before it is counted, after it is, and twice in between.
    amend("hotel", "hotel berlin");
    Logs.assertDoctorAgrees(url);
    count();
    logs.assertCounted();
    amend("busin", "business");
    // Not counted yet: the counts have it as it was, and so has who compares.
    Logs.assertDoctorAgrees(url);
    assertThat(daily("busin")).isEqualTo(2);
    amend("business", "business intelligence");
    Logs.assertDoctorAgrees(url);
    assertThat(daily("busin")).isEqualTo(2);
    count();
    logs.assertCounted();
    Logs.assertDoctorAgrees(url);
    assertThat(daily("business intelligence")).isEqualTo(2);
    assertThat(number(url, "SELECT COUNT(*) FROM daily_search WHERE folded LIKE 'busin'")).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM search_log WHERE counted_as_former")).isZero();
    assertThat(number(url, "SELECT MAX(revision) FROM search_log")).isEqualTo(2);
    // A visitor who logged in.
    assertThat(number(url, "SELECT COUNT(*) FROM user_number WHERE user_id = 'ann'")).isEqualTo(1);
    recount();
    logs.assertCounted();
  }

  @Test
  void anAmendmentFollowsItsSearchInTheFeedWhateverTheClocksSay() throws SQLException {
    List<LogRow> ahead = List.of(LogRow.search("hotel").id(1L << 62).at(NOON));
    transactions()
        .executeWrite(
            status -> {
              LogRow.insert(status.getConnection(), ahead);
              one.getBean(Outbox.class).add(Feed.SEARCHES, LogRow.positions(ahead));
              return null;
            });
    amend("hotel", "hotel berlin");
    count();
    logs.assertCounted();
  }

  private void amend(String former, String keyword) throws SQLException {
    Amendments.amend(one, logs.keys(former), keyword, "ann", 3);
  }

  private long daily(String keyword) throws SQLException {
    return number(
        url,
        "SELECT COALESCE(SUM(searches), 0) FROM daily_search WHERE folded = '" + keyword + "'");
  }

  private long searches() {
    try {
      return number(url, "SELECT SUM(searches) FROM daily_search");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean count() {
    return one.getBean(Rollup.class).run(MINUTE);
  }

  private void recount() {
    Recount recount = one.getBean(Recount.class);
    recount.days().forEach(recount::day);
  }

  private static void countUntil(AtomicBoolean done, Rollup rollup) {
    while (!done.get()) {
      try {
        rollup.run(MINUTE);
      } catch (RuntimeException e) {
        // Its connection was killed.
      }
    }
  }

  private void write(Random random, int batches) {
    for (int i = 0; i < batches; i++) {
      List<Row> rows = Logs.random(random, 1 + random.nextInt(40));
      while (true) {
        try {
          logs.add(rows);
          break;
        } catch (RuntimeException e) {
          // Its connection was killed. If that was after the commit, the rows are in the log twice.
        }
      }
      try {
        logs.amend(random, random.nextInt(6));
      } catch (RuntimeException e) {
        // Its connection was killed, or another writer amended the same search.
      }
    }
  }

  /** Kills a random connection of the nodes. */
  private int killOne(Connection admin, Random random) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (var statement = admin.createStatement()) {
      var rows =
          statement.executeQuery(
              "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()");
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      if (ids.isEmpty()) {
        return 0;
      }
      statement.execute("KILL CONNECTION " + ids.get(random.nextInt(ids.size())));
      return 1;
    } catch (SQLException e) {
      return 0; // it ended by itself
    }
  }

  private Instant databaseTime() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT UTC_TIMESTAMP(3)")) {
      row.next();
      return Timestamps.fromDatabase(row.getObject(1, LocalDateTime.class));
    }
  }

  @SuppressWarnings("unchecked")
  private TransactionOperations<Connection> transactions() {
    return one.getBean(TransactionOperations.class);
  }
}
