package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Tests the promotion of staged rows on the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class PromoterTest {
  private static final long LOOK = 1_500;
  private static final long WINDOW = 6_000;
  private static final long MINUTE = 60_000;

  @Inject DataSource database;
  @Inject StagingRepository staging;
  @Inject Promoter promoter;
  @Inject MeterRegistry meters;
  @Inject SearchRepository searches;
  @Inject TransactionOperations<Connection> transactions;

  private TypedSession session() {
    return new TypedSession(database, staging);
  }

  private List<String> promoted(TypedSession session) {
    promoter.promote(new StagingScan());
    assertThat(session.isStaged()).isFalse();
    return session.logged();
  }

  @Test
  void anAgedRowIsLoggedAndLeavesStaging() {
    assertThat(promoted(session().typesOut("Busines").waits(WINDOW))).containsExactly("Busines");
  }

  @Test
  void aRowThatIsStillTypedStays() {
    var session = session().types("berlin").waits(4_000);
    promoter.promote(new StagingScan());
    assertThat(session.isStaged()).isTrue();
    assertThat(session.logged()).isEmpty();
  }

  @Test
  void aSubmittedRowIsLoggedAtOnce() {
    assertThat(promoted(session().types("berlin").submits("berlin"))).containsExactly("berlin");
  }

  @Test
  void aSearchWhoseResultsWereReadIsLoggedBesideTheNextOne() {
    assertThat(
            promoted(session().types("berlin").waits(3_000).types("berlin", "bonn").waits(WINDOW)))
        .containsExactly("berlin", "bonn");
    assertThat(promoted(session().typesOut("Business").types("Cat").waits(WINDOW)))
        .containsExactly("Business", "Cat");
  }

  @Test
  void deletingAllOfItLogsTheSearchOnce() {
    assertThat(promoted(session().types("Business", "Busines", "Bus").waits(WINDOW)))
        .containsExactly("Business");
  }

  @Test
  void aBeginningOfAnotherTextOfTheRowIsDropped() {
    var dropped = dropped("prefix");
    assertThat(
            promoted(
                session()
                    .types("bus")
                    .waits(LOOK)
                    .types("cat")
                    .waits(LOOK)
                    .types("business")
                    .waits(WINDOW)))
        .containsExactly("cat", "business");
    assertThat(dropped("prefix")).isEqualTo(dropped + 1);
  }

  @Test
  void aSubmittedBeginningIsKept() {
    assertThat(promoted(session().submits("Bus").types("business").waits(WINDOW)))
        .containsExactly("Bus", "business");
  }

  @Test
  void equalTextsOfARowAreOneSearch() {
    assertThat(
            promoted(
                session()
                    .types("berlin")
                    .waits(LOOK)
                    .types("bonn")
                    .waits(LOOK)
                    .types("BERLIN")
                    .waits(WINDOW)))
        .containsExactly("bonn", "BERLIN");
  }

  @Test
  void aTypoThatIsCorrectedAfterAShortTimeIsNoSearch() throws SQLException {
    var dropped = dropped("typo");
    var session =
        session().types("vacvi").waits(LOOK).types("vacv", "vac", "vacc", "vaccin").waits(WINDOW);
    assertThat(promoted(session)).containsExactly("vaccin");
    assertThat(dropped("typo")).isEqualTo(dropped + 1);
    assertThat(
            query(
                "SELECT keystrokes FROM search_log WHERE session_id = '%s'",
                session.key.sessionId()))
        .containsExactly(5L);
  }

  @Test
  void whatAnInputMethodShowsOnTheWayIsNoSearch() {
    var session =
        session()
            .types("x", "xu", "xue")
            .waits(LOOK)
            .types("学", "学xi", "学xiao", "学校")
            .waits(WINDOW);
    assertThat(promoted(session)).containsExactly("学校");
    assertThat(promoted(session().types("xue").waits(2_500).types("学").waits(WINDOW)))
        .containsExactly("xue", "学");
  }

  @Test
  void deletingTheLastSearchByWordsIsNoSearch() {
    var session = session().types("mysql upsert").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(session.types("mysql", "n", "ni", "night").waits(WINDOW)))
        .containsExactly("mysql upsert", "night");
  }

  @Test
  void aTextThatWasReadForLongerOrSubmittedIsNoTypo() {
    assertThat(
            promoted(
                session().types("merlin").waits(2_500).types("m", "b", "berlin").waits(WINDOW)))
        .containsExactly("merlin", "berlin");
    assertThat(promoted(session().submits("merlin").types("berlin").waits(WINDOW)))
        .containsExactly("merlin", "berlin");
  }

  @Test
  void typingTheSameBeginningAnewIsASearch() {
    var session = session().types("javascript").waits(WINDOW);
    promoter.promote(new StagingScan());
    session.waitsLong(MINUTE).types("j", "ja", "java").waits(WINDOW);
    assertThat(promoted(session)).containsExactly("javascript", "java");
  }

  @Test
  void deletingTheLastSearchOnTheWayOutIsNone() {
    var dropped = dropped("deleting");
    var session = session().types("JavaScript").waits(WINDOW);
    promoter.promote(new StagingScan());
    session.waitsLong(MINUTE).types("javascrip", "java", "j").waits(WINDOW);
    assertThat(promoted(session)).containsExactly("JavaScript");
    assertThat(dropped("deleting")).isEqualTo(dropped + 1);
  }

  @Test
  void afterHalfAnHourDeletingCountsAsASearch() {
    var session = session().types("javascript").waits(WINDOW);
    promoter.promote(new StagingScan());
    session.waitsLong(31 * MINUTE).types("javascrip").waits(WINDOW);
    assertThat(promoted(session)).containsExactly("javascript", "javascrip");
  }

  @Test
  void onlyTheLatestSearchCanBeDeleted() {
    var session = session().types("javascript").waits(WINDOW);
    promoter.promote(new StagingScan());
    session.types("berlin").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(session.types("javascrip").waits(WINDOW)))
        .containsExactly("javascript", "berlin", "javascrip");
  }

  @Test
  void keystrokesDeliveredOnceMoreAreNoSearch() {
    var session = session().typesAt(0, "ber").typesAt(500, "berlin").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(session.typesAt(0, "ber").typesAt(500, "berlin").waits(WINDOW)))
        .containsExactly("berlin");
    assertThat(promoted(session.typesAt(120_500, "berlin").waits(WINDOW)))
        .containsExactly("berlin", "berlin");
  }

  @Test
  void aRowWithManyFinishedSearchesGivesThemAndStays() {
    var session = session();
    for (int i = 0; i < ClaimRepository.CROWDED; i++) {
      session.types(i + " search").waits(LOOK);
    }
    promoter.promote(new StagingScan());
    assertThat(session.logged()).isEmpty();
    session.types("the last").waits(LOOK);
    promoter.promote(new StagingScan());
    assertThat(session.logged()).hasSize(ClaimRepository.CROWDED).doesNotContain("the last");
    assertThat(session.row())
        .extracting(
            TypedSession.Row::keyword, TypedSession.Row::finished, TypedSession.Row::keystrokes)
        .containsExactly("the last", List.of(), 1);
    assertThat(promoted(session.waits(WINDOW)))
        .hasSize(ClaimRepository.CROWDED + 1)
        .endsWith("the last");
  }

  @Test
  void theKeystrokesOfASearchAreItsOwn() throws SQLException {
    var session = session().typesOut("berlin").waits(LOOK).typesOut("ulm").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(
            query(
                "SELECT keystrokes FROM search_log WHERE session_id = '%s' ORDER BY id",
                session.key.sessionId()))
        .containsExactly(6L, 3L);
  }

  @Test
  void theTimeOfASearchIsThatOfItsLastKeystroke() throws SQLException {
    var session = session().types("berlin").waits(WINDOW);
    var before =
        query(
            "SELECT TO_SECONDS(last_seen) FROM search_staging WHERE session_id = '%s'",
            session.key.sessionId());
    promoter.promote(new StagingScan());
    assertThat(
            query(
                "SELECT TO_SECONDS(searched_at) FROM search_log WHERE session_id = '%s'",
                session.key.sessionId()))
        .isEqualTo(before);
  }

  @Test
  void aRowThatCannotBeLoggedStaysAndTheOthersGo() throws SQLException {
    var bad = session().types("bad").waits(WINDOW);
    execute(
        "UPDATE search_staging SET finished = '{}' WHERE session_id = '%s'", bad.key.sessionId());
    var good = session().types("good").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(good.logged()).containsExactly("good");
    assertThat(bad.isStaged()).isTrue();
    // It is ignored until it is fixed.
    assertThat(refused(bad)).containsExactly(1L);
    execute(
        "UPDATE search_staging SET finished = NULL WHERE session_id = '%s'", bad.key.sessionId());
    promoter.promote(new StagingScan());
    assertThat(bad.isStaged()).isTrue();
    execute(
        "UPDATE search_staging SET refused = NULL WHERE session_id = '%s'", bad.key.sessionId());
    promoter.promote(new StagingScan());
    assertThat(bad.logged()).containsExactly("bad");
  }

  /**
   * As one client with a key that can only write could stage them: 33 phone numbers in each row.
   */
  @Test
  void rowsThatTakeLongToMaskDelayNoOthers() throws SQLException {
    String finished =
        IntStream.range(0, StagingRepository.MAX_FINISHED)
            .mapToObj(
                i ->
                    "{\"user_id\":null,\"keyword\":\"%d %s\",\"submitted\":1,\"rested\":0,\"keystrokes\":1,\"typed_at\":null,\"last_seen\":\"2025-10-12 00:00:00.000000\"}"
                        .formatted(i, "+1 650 253 0000 ".repeat(15)))
            .collect(Collectors.joining(",", "[", "]"));
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length, submitted,
          finished, completed, keystrokes, last_seen)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
        SELECT i %% 64, 1, CONCAT('heavy-', i), 'x', 'x', 1, 1, TRUE, '%s', 32, 33, UTC_TIMESTAMP(3) FROM n
        """,
        finished);
    var light = List.of(session().submits("one"), session().submits("two"));
    promoter.promote(new StagingScan());
    assertThat(light).allSatisfy(session -> assertThat(session.logged()).hasSize(1));
    assertThat(heavy()).isBetween(1L, 199L);
    var scan = new StagingScan();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              promoter.promote(scan);
              return heavy() == 0;
            });
    assertThat(query("SELECT COUNT(*) FROM search_log WHERE session_id LIKE 'heavy-%%'", ""))
        .containsExactly(6_600L);
  }

  private long heavy() throws SQLException {
    return query("SELECT COUNT(*) FROM search_staging WHERE session_id LIKE 'heavy-%%'", "").get(0);
  }

  /** As after an outage, or of an import. */
  @Test
  void whatIsSearchedNowDoesNotWaitForABacklog() throws SQLException {
    var fresh = session().submits("fresh");
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length, last_seen)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
        SELECT %s, 1, CONCAT('!late-', a.i, '-', b.i), 'late', 'late', 4, 4, UTC_TIMESTAMP(3) - INTERVAL 1 HOUR
        FROM n AS a JOIN n AS b ON b.i < 5
        """,
        Integer.toString(fresh.key.bucket()));
    var scan = new StagingScan();
    assertThat(promoter.promote(scan)).isTrue();
    assertThat(scan.isBehind()).isTrue();
    assertThat(fresh.logged()).isEmpty();
    promoter.promoteLatest(new StagingScan());
    assertThat(fresh.logged()).containsExactly("fresh");
    assertThat(late()).isEqualTo(4_000);
    await()
        .until(
            () -> {
              promoter.promote(scan);
              return late() == 0;
            });
    promoter.promote(scan);
    assertThat(scan.isBehind()).isFalse();
  }

  private long late() throws SQLException {
    return query("SELECT COUNT(*) FROM search_staging WHERE session_id LIKE '!late-%%'", "").get(0);
  }

  @Test
  void aCrowdedRowThatCannotBeLoggedStaysAndTheOthersGo() throws SQLException {
    var bad = session().types("bad");
    execute(
        "UPDATE search_staging SET finished = '{}', completed = 16 WHERE session_id = '%s'",
        bad.key.sessionId());
    var good = session().types("good").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(good.logged()).containsExactly("good");
    assertThat(refused(bad)).containsExactly(1L);
    execute("DELETE FROM search_staging WHERE session_id = '%s'", bad.key.sessionId());
  }

  private List<Long> refused(TypedSession session) throws SQLException {
    return query(
        "SELECT refused LIKE '%%22032%%' FROM search_staging WHERE session_id = '%s'",
        session.key.sessionId());
  }

  @Test
  void aLateKeystrokeOfALoggedSearchIsNoSearch() {
    var entered = session().typesAt(0, "busi").submitsAt(300, "business intelligence");
    promoter.promote(new StagingScan());
    assertThat(promoted(entered.typesAt(0, "busi").waits(WINDOW)))
        .containsExactly("business intelligence");
    var again = session().typesAt(0, "Bus").typesAt(800, "Busines").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(again.typesAt(0, "Bus").waits(WINDOW))).containsExactly("Busines");
    // Nor is one that was corrected in the row of the next search.
    var corrected = session().typesAt(0, "vacvines").typesAt(400, "vaccines").waits(WINDOW);
    promoter.promote(new StagingScan());
    corrected.typesAt(100, "vacvin").typesAt(20_000, "berlin").waits(WINDOW);
    assertThat(promoted(corrected)).containsExactly("vaccines", "berlin");
    // But the end of a search is not lost because the next one was faster.
    var end = session().typesAt(0, "busines").waits(WINDOW);
    promoter.promote(new StagingScan());
    end.typesAt(9_000, "ulm").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(end.typesAt(300, "business").waits(WINDOW)))
        .containsExactly("business", "ulm");
  }

  @Test
  void whatIsNewerOrWasSubmittedOrIsOfAClockSetBackIsNotLate() {
    var session = session().typesAt(60_000, "business").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(promoted(session.waitsLong(3_600_000).typesAt(60_001, "bus").waits(WINDOW)))
        .containsExactly("business", "bus");
    promoter.promote(new StagingScan());
    assertThat(promoted(session.submitsAt(59_000, "busi"))).endsWith("busi");
    assertThat(promoted(session.waitsLong(3_600_000).typesAt(28_999, "busin").waits(WINDOW)))
        .endsWith("busin");
  }

  @Test
  void theLookBackAtASessionThatLoggedMoreThanPeopleTypeIsBounded() throws SQLException {
    var crowd = session().typesAt(0, "berlin").waits(WINDOW);
    promoter.promote(new StagingScan());
    execute(
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, keyword, folded, submitted, keystrokes)
        SELECT bucket, id + 1 + n, searched_at, tenant_id, session_id, CONCAT('k', n), CONCAT('k', n), 0, 1
        FROM search_log
        JOIN (SELECT a.n + 150 * b.n AS n FROM (WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < 149)
              SELECT n FROM r) AS a
              JOIN (WITH RECURSIVE q (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM q WHERE n < 149) SELECT n FROM q) AS b) AS many
        WHERE session_id = '%s'
        """,
        crowd.key.sessionId());
    var other = session().typesAt(0, "berlin").waits(WINDOW);
    promoter.promote(new StagingScan());
    other.typesAt(0, "berlin").waits(WINDOW);
    crowd.typesAt(0, "ulm").waits(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(other.logged()).containsExactly("berlin");
    assertThat(crowd.logged()).hasSize(22_502).endsWith("ulm");
    List<Search> read =
        transactions.executeRead(
            status ->
                searches
                    .since(LocalDateTime.parse("2020-01-01T00:00"), 1, List.of(crowd.key))
                    .get(crowd.key));
    assertThat(read).hasSize(SearchRepository.MAX_LOGGED_OF_ONE);
    assertThat(read.get(read.size() - 1).keyword()).isEqualTo("ulm");
    execute("DELETE FROM search_log WHERE session_id = '%s'", crowd.key.sessionId());
  }

  @Test
  void aSessionThatNeverPausesIsPromotedAllTheSame() throws Exception {
    var session = session();
    var stop = new AtomicBoolean();
    var typing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                session.types(i % 2 == 0 ? "a longer text " + i : "b" + i);
              }
            });
    try {
      await()
          .until(
              () -> {
                promoter.promote(new StagingScan());
                return session.logged().size() > 10 * ClaimRepository.CROWDED;
              });
    } finally {
      stop.set(true);
      typing.join();
    }
    assertThat(session.row().finished()).hasSizeLessThanOrEqualTo(StagingRepository.MAX_FINISHED);
  }

  @Test
  void idsOfASessionRiseAlsoWhenTheClockIsSetBack() throws SQLException {
    var session = session().types("before").waits(WINDOW);
    promoter.promote(new StagingScan());
    // As if another node had logged it an hour from now.
    execute(
        """
        UPDATE search_log SET id = id + (3600000 << 22), searched_at = searched_at + INTERVAL 1 HOUR
        WHERE session_id = '%s'
        """,
        session.key.sessionId());
    assertThat(promoted(session.types("after").waits(WINDOW))).containsExactly("before", "after");
  }

  @Test
  void fourPromotersAndTwentyWritersLoseNothingAndDoubleNothing() throws Exception {
    int writers = 20;
    int searchesEach = 60;
    var threads = Executors.newFixedThreadPool(writers + 4);
    var writing = new AtomicInteger(writers);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        String session = "race-" + writer;
        all.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      for (int i = 0; i < searchesEach; i++) {
                        // Each text is submitted, so that it can be promoted between any two
                        // keystrokes.
                        TypedSession typed = new TypedSession(database, staging, session);
                        typed.types("s " + i).submits("s " + i + " end");
                      }
                      writing.decrementAndGet();
                      return null;
                    }));
      }
      for (int i = 0; i < 4; i++) {
        all.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      while (writing.get() > 0) {
                        promoter.promote(new StagingScan());
                      }
                      return null;
                    }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      execute(
          "UPDATE search_staging SET last_seen = last_seen - INTERVAL 6 SECOND WHERE session_id LIKE '%s'",
          "race-%");
      promoter.promote(new StagingScan());
      assertThat(query("SELECT COUNT(*) FROM search_staging WHERE session_id LIKE '%s'", "race-%"))
          .containsExactly(0L);
      assertThat(
              query(
                  "SELECT COUNT(*) FROM search_log WHERE session_id LIKE '%s' AND keyword LIKE 's %% end'",
                  "race-%"))
          .containsExactly((long) writers * searchesEach);
      assertThat(
              query(
                  "SELECT COUNT(DISTINCT session_id, keyword) FROM search_log WHERE session_id LIKE '%s' AND submitted",
                  "race-%"))
          .containsExactly((long) writers * searchesEach);
    } finally {
      threads.shutdownNow();
    }
    await().atMost(Duration.ofSeconds(30)).until(this::countsAreExact);
  }

  /** Compares only the texts of the race, because other tests move their searches to other days. */
  private boolean countsAreExact() throws SQLException {
    String log =
        "SELECT SUM(CRC32(folded) * n), SUM(k), COUNT(*) FROM (SELECT folded, COUNT(*) n, SUM(keystrokes) k, "
            + "DATE(searched_at) d FROM search_log WHERE folded LIKE 's %' "
            + "GROUP BY tenant_id, DATE(searched_at), folded) s";
    String daily =
        "SELECT SUM(CRC32(folded) * searches), SUM(keystrokes), COUNT(*) FROM daily_search "
            + "WHERE folded LIKE 's %'";
    return row(log).equals(row(daily));
  }

  private double dropped(String reason) {
    return meters.get("lastword.searches.dropped").tag("reason", reason).counter().count();
  }

  private List<Long> query(String sql, String session) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (var connection = DelegatingDataSource.unwrapDataSource(database).getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql.formatted(session))) {
      while (rows.next()) {
        values.add(rows.getLong(1));
      }
    }
    return values;
  }

  private List<Long> row(String sql) throws SQLException {
    try (var connection = DelegatingDataSource.unwrapDataSource(database).getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return List.of(rows.getLong(1), rows.getLong(2), rows.getLong(3));
    }
  }

  private void execute(String sql, String session) throws SQLException {
    try (var connection = DelegatingDataSource.unwrapDataSource(database).getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql.formatted(session));
    }
  }
}
