package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LastwordProcess;
import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.fault.FaultyProxy;
import dev.lastword.rollup.CountFreshness;
import dev.lastword.rollup.Logs;
import dev.lastword.rollup.Recount;
import dev.lastword.row.Bucket;
import io.micronaut.context.ApplicationContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the whole command, with a context of its own. */
@Timeout(180)
class ImportCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final String url = TestDatabase.create();

  @Test
  void whileTheDatabaseHangsRowsWaitAndEachIsStoredOnce() throws Exception {
    int rows = 5_000;
    Path file = folder.resolve("typed.ndjson");
    Files.writeString(
        file,
        IntStream.range(0, rows)
            .mapToObj(i -> "{\"session_id\":\"s%d\",\"keyword\":\"k\"}\n".formatted(i % 100))
            .collect(Collectors.joining()));
    try (FaultyProxy wire = new FaultyProxy(url)) {
      wire.delay(Duration.ofMillis(10));
      var imported = CompletableFuture.supplyAsync(() -> runOn(wire.url(), file));
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_staging") > 2);
      wire.block();
      TimeUnit.SECONDS.sleep(6); // longer than a request waits
      assertThat(imported).isNotDone();
      wire.delay(Duration.ZERO);
      wire.unblock();
      assertThat(imported.join()).isZero();
    }
    assertThat(out.toString()).contains(rows + " stored, 0 duplicates, 0 rejected");
    assertThat(number(url, "SELECT SUM(keystrokes) FROM search_staging WHERE session_id LIKE 's%'"))
        .isEqualTo(rows);
  }

  @Test
  void eventsOfPastMonthsGetPartitionsOfTheirOwn() throws Exception {
    LocalDate month = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
    Path file = folder.resolve("history.ndjson");
    Files.writeString(
        file,
        IntStream.of(5, 7, 0, 6)
            .mapToObj(
                back ->
                    "{\"topic\":\"t\",\"event_id\":\"%d\",\"occurred_at\":\"%s\"}%n"
                        .formatted(back, month.minusMonths(back)))
            .collect(Collectors.joining()));
    assertThat(run(file)).isZero();
    for (int back : List.of(5, 6, 7)) {
      String partition = month.minusMonths(back).format(DateTimeFormatter.ofPattern("'p_'yyyy_MM"));
      assertThat(number(url, "SELECT event_id FROM event_log PARTITION (" + partition + ")"))
          .isEqualTo(back);
    }
    assertThat(
            number(
                url,
                """
                SELECT COUNT(*) FROM information_schema.partitions
                WHERE table_schema = DATABASE() AND table_name = 'event_log'
                """))
        .isEqualTo(1 + 7 + 1 + 3 + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"events.csv", "events.ndjson"})
  void exportedEventsAreTheSameEvents(String name) throws Exception {
    Path sent = folder.resolve("sent.ndjson");
    Files.write(
        sent,
        List.of(
            "{\"topic\":\"=t\",\"event_id\":\"-1\",\"user_id\":\"+49 30\",\"session_id\":\"@s\",\"source\":\"＝x\"}",
            "{\"topic\":\"'=t\",\"event_id\":\"'-1\",\"level\":\"-\",\"value\":-1.5,\"occurred_at\":\"2024-02-29\"}",
            "{\"topic\":\"t\",\"message\":\" \\r\\n =1,\\\"2\\\"\",\"payload\":{\"b\":[1,\"=2\\n\"],\"id\":5}}",
            "{\"topic\":\"t\",\"message\":\"'tis\",\"payload\":\"=1\"}",
            "{\"topic\":\"t\",\"event_id\":\"'\",\"payload\":\"a \\\"text\\\"\"}",
            "{\"topic\":\"t\",\"payload\":-5}"));
    assertThat(run(sent)).isZero();
    Path file = folder.resolve(name);
    export(url, "events", file);
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains(name + ": 0 stored, 6 duplicates, 0 rejected");
    String restored = TestDatabase.create();
    assertThat(runOn(restored, file)).isZero();
    assertThat(out.toString()).contains(name + ": 6 stored, 0 duplicates, 0 rejected");
    assertThat(events(restored)).hasSize(6).isEqualTo(events(url));
  }

  /** Exports all fields except those that each database assigns itself. */
  private List<String> events(String database) throws Exception {
    Path file = folder.resolve("compared.ndjson");
    export(database, "events", file);
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceAll("\"(id|received_at)\":\"[^\"]*\",", ""))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"searches.csv", "searches.ndjson"})
  void exportedSearchesAreRestoredWithTheirTimes(String name) throws Exception {
    Path file = folder.resolve(name);
    logSearches();
    export(url, "searches", file);
    String restored = TestDatabase.create();
    for (int stored : new int[] {4, 0}) {
      assertThat(runOn(restored, file)).isZero();
      assertThat(out.toString())
          .contains(name + ": %d stored, %d duplicates, 0 rejected".formatted(stored, 4 - stored));
    }
    Path again = folder.resolve("again-" + name);
    export(restored, "searches", again);
    assertThat(Files.readString(again)).isEqualTo(Files.readString(file));
    assertThat(
            number(restored, "SELECT COUNT(*) FROM search_log s WHERE s.folded = LOWER(keyword)"))
        .isEqualTo(4);
    try (var node = ApplicationContext.run(TestDatabase.settings(restored))) {
      node.getBean(CountFreshness.class).await();
    }
    assertThat(
            number(
                restored,
                """
                SELECT SUM(searches) * 100 + SUM(keystrokes) FROM daily_search
                WHERE day = '2024-02-29' AND folded = 'größe'
                """))
        .isEqualTo(2 * 100 + 12);
    assertThat(number(restored, "SELECT last_position FROM feed_head WHERE feed = 1")).isEqualTo(4);
    assertThat(number(restored, "SELECT COUNT(*) FROM search_staging")).isZero();
  }

  @Test
  void searchesThatAreRestoredOnceMoreAreCountedOnceMore() throws Exception {
    Path file = folder.resolve("searches.csv");
    logSearches();
    export(url, "searches", file);
    String restored = TestDatabase.create();
    assertThat(runOn(restored, file)).isZero();
    try (var node = ApplicationContext.run(TestDatabase.settings(restored))) {
      node.getBean(CountFreshness.class).await();
      TestDatabase.execute(restored, "DELETE FROM search_log");
      Recount recount = node.getBean(Recount.class);
      recount.days().forEach(recount::day);
      assertThat(number(restored, "SELECT COUNT(*) FROM daily_search")).isZero();
      assertThat(runOn(restored, file)).isZero();
      node.getBean(CountFreshness.class).await();
    }
    assertThat(number(restored, "SELECT SUM(searches) FROM daily_search")).isEqualTo(4);
    Logs.assertDoctorAgrees(restored);
  }

  private void logSearches() {
    search("Größe", "s", 4_194_304, "2024-02-29 10:00:00.001").insert(url);
    search("größe", "s", 4_194_305, "2024-02-29 11:00:00")
        .user("+49")
        .set("submitted", true)
        .set("keystrokes", 7)
        .set("typed_at", "2024-02-29 10:59:59.123")
        .insert(url);
    search("=1+1", "=s", 4_194_304, "2024-02-29 10:00:00").user("ann").insert(url);
    search("a, \"b\"", "t", 8_388_608, "2024-03-01 00:00:00").insert(url);
  }

  private static LogRow search(String keyword, String session, long id, String at) {
    return LogRow.search(keyword)
        .id(id)
        .set("bucket", Bucket.of(1, session))
        .session(session)
        .at(at);
  }

  @Test
  void aMissingFileOrAMisspeltOptionIsOneSentence() {
    assertThat(run(folder.resolve("none.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("No such file").hasLineCount(1);
    assertThat(run(Path.of("x"), "--as", "things")).isEqualTo(2);
    assertThat(run(Path.of("x"), "--separator", "!!")).isEqualTo(2);
  }

  @Test
  void killedInTheMiddleAndRunAgainEveryRowIsStoredOnce() throws Exception {
    int rows = 40_000;
    Path file = folder.resolve("big.ndjson");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      lines.add(
          i % 1_000 == 7
              ? "{\"topic\":\"big\",\"value\":{}}"
              : "{\"topic\":\"big\",\"payload\":{\"n\":%d}}".formatted(i));
    }
    Files.write(file, lines);
    Process first = LastwordProcess.start("import", "--db-url", url, file.toString());
    Path state = folder.resolve("big.ndjson.import");
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> Files.exists(state) && ImportProgress.read(state).rows() >= 3_000);
    first.destroyForcibly().onExit().join();
    long done = ImportProgress.read(state).rows();
    assertThat(done).isLessThan(rows);
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("resumes after row " + done);
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(rows - 40);
    assertThat(number(url, "SELECT SUM(events) FROM daily_topic")).isEqualTo(rows - 40);
    assertThat(number(url, "SELECT COUNT(DISTINCT JSON_EXTRACT(payload, '$.n')) FROM event_log"))
        .isEqualTo(rows - 40);
    assertThat(folder.resolve("big.ndjson.rejected")).content().hasLineCount(40);
    assertThat(state).doesNotExist();
  }

  private int run(Path file, String... options) {
    return runOn(url, file, options);
  }

  private int runOn(String database, Path file, String... options) {
    List<String> command =
        new ArrayList<>(List.of("import", "--db-url", database, file.toString()));
    command.addAll(List.of(options));
    return lastword(command);
  }

  private void export(String database, String log, Path file) {
    assertThat(lastword(List.of("export", log, file.toString(), "--db-url", database))).isZero();
  }

  private int lastword(List<String> command) {
    return LastwordCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(command.toArray(String[]::new));
  }
}
