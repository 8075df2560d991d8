package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import dev.lastword.fault.FaultyProxy;
import dev.lastword.rollup.CountFreshness;
import io.micronaut.context.ApplicationContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ImportCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final String url = TestDatabase.create();

  @Test
  void ndjsonIsStoredAndOnlyOnceHoweverOftenItIsRead() throws Exception {
    Path file = folder.resolve("a.ndjson");
    Files.writeString(
        file,
        """
        {"topic":"t","event_id":"a","value":1.5}

        {"topic":"t","payload":{"no":"id"}}
        {"topic":"t","event_id":"a","value":1.5}
        {"topic":"t","payload":{"no":"id"}}\
        """);
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("a.ndjson: 3 stored, 1 duplicates, 0 rejected");
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("a.ndjson: 0 stored, 4 duplicates, 0 rejected");
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(3);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void csvIsReadByItsHeaderAndAMapping() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.writeString(
        file,
        """
        Time,event_type,user_id,word_count,payload,note
        2025-10-12 10:11:12,login,ann,,"{""a"":
        1}","two
        lines"
        2025-10-12 10:11:13,login,,7,,
        2025-10-12 10:11:14,login,bob,many,,
        """);
    assertThat(run(file, "--map", "Time=occurred_at")).isEqualTo(3);
    assertThat(number(url, "SELECT COUNT(*) FROM event_log WHERE topic = 'login'")).isEqualTo(2);
    assertThat(
            number(
                url,
                """
                SELECT COUNT(*) FROM event_log WHERE user_id = 'ann' AND value IS NULL AND occurred_at = '2025-10-12 10:11:12'
                AND JSON_EXTRACT(payload, '$.a') = 1 AND JSON_UNQUOTE(JSON_EXTRACT(payload, '$.note')) = 'two\\nlines'
                """))
        .isEqualTo(1);
    assertThat(Files.readString(folder.resolve("a.csv.rejected")))
        .contains("\"row\":3", "value must be a number", "many")
        .hasLineCount(1);
  }

  @Test
  void linesOfTheWrongLengthAreRejectedOneByOne() throws Exception {
    Path file = folder.resolve("ragged.csv");
    Files.writeString(file, "topic,event_id,message\nt,1,one\nt,2\nt,3,\"three\",more\nt,4,four\n");
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("2 stored, 0 duplicates, 2 rejected");
    assertThat(Files.readAllLines(folder.resolve("ragged.csv.rejected")))
        .containsExactly(
            "{\"row\":2,\"reason\":\"has 2 fields, the header has 3\",\"content\":\"t,2\"}",
            "{\"row\":3,\"reason\":\"has 4 fields, the header has 3\",\"content\":\"t,3,three,more\"}");
  }

  @Test
  void aQuoteThatIsNeverClosedEndsTheImportAfterTheRowsBeforeIt() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "topic,event_id\nt,1\nt,2\nt,\"3\nt,4\n");
    for (int run = 0; run < 2; run++) {
      assertThat(run(file)).isEqualTo(1);
      assertThat(err.toString()).startsWith("lastword: row 3 is not CSV: ").hasLineCount(run + 1);
      assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(2);
    }
    assertThat(out.toString()).contains("a.csv: resumes after row 2");
    Files.writeString(file, "topic,event_id\nt,1\nt,2\nt,3\nt,4\n");
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("a.csv: 4 stored, 0 duplicates, 0 rejected");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"UTF-8, `,`", "UTF-8, ;", "UTF-16LE, `\t`", "UTF-16BE, |", "UTF-8, `\t`"})
  void marksOfByteOrderAndSeparatorsAreRecognised(String charset, String separator)
      throws Exception {
    Path file = folder.resolve("a.csv");
    String text = "\uFEFFevent_id,topic,\"a,;|\"\nä,t,\"x,;|\"\nö,t,\n";
    String[] parts = text.split("\"", -1);
    for (int i = 0; i < parts.length; i += 2) {
      parts[i] = parts[i].replace(",", separator);
    }
    Files.writeString(file, String.join("\"", parts), Charset.forName(charset));
    assertThat(run(file)).isZero();
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("2 stored, 0 duplicates", "0 stored, 2 duplicates");
    assertThat(number(url, "SELECT COUNT(*) FROM event_log WHERE topic = 't'")).isEqualTo(2);
    assertThat(
            number(
                url,
                "SELECT COUNT(*) FROM event_log WHERE event_id = 'ä' AND JSON_UNQUOTE(JSON_EXTRACT(payload, '$.\"a,;|\"')) = 'x,;|'"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "ndjson"})
  void rowsOfAnotherEncodingAreRejectedUnlessItIsNamed(String format) throws Exception {
    Path file = folder.resolve("a." + format);
    Charset excel = Charset.forName("windows-1252");
    boolean csv = format.equals("csv");
    Files.writeString(
        file,
        csv
            ? "event_id,topic,message\n1,t,café €\n2,t,plain\n"
            : """
              {"event_id":"1","topic":"t","message":"café €"}
              {"event_id":"2","topic":"t","message":"plain"}
              """,
        excel);
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("1 stored, 0 duplicates, 1 rejected");
    assertThat(Files.readString(folder.resolve("a." + format + ".rejected")))
        .contains("\"row\":1", "is not UTF-8", "--encoding", "windows-1252")
        .hasLineCount(1);
    assertThat(run(file, "--encoding", "windows-1252")).isZero();
    assertThat(out.toString()).contains("1 stored, 1 duplicates, 0 rejected");
    assertThat(number(url, "SELECT COUNT(*) FROM event_log WHERE message = 'café €'")).isEqualTo(1);
    // 0x81 is no character of windows-1252.
    Files.write(file, csv ? bytes("topic\n\u0081\n") : bytes("{\"topic\":\"\u0081\"}\n"));
    assertThat(run(file, "--encoding", "windows-1252")).isEqualTo(3);
    assertThat(Files.readString(folder.resolve("a." + format + ".rejected")))
        .contains("is not windows-1252, the encoding given by --encoding");
    assertThat(run(file, "--encoding", "windows")).isEqualTo(2);
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void charactersAboveTheFirstPlaneAreNoErrorsOfTheEncoding() throws Exception {
    Path file = folder.resolve("a.csv");
    // The first half of the first character is what stands for an error.
    Files.writeString(file, "topic,message\n😀,\uD800\uDC00\n");
    assertThat(run(file)).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM event_log WHERE message = '\uD800\uDC00'"))
        .isEqualTo(1);
  }

  @Test
  void aHeaderOfAnotherEncodingIsOneSentence() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.write(file, bytes("topic,größe\nt,1\n"));
    assertThat(run(file)).isEqualTo(1);
    assertThat(err.toString()).contains("The header is not UTF-8; --encoding").hasLineCount(1);
    assertThat(run(file, "--encoding", "ISO-8859-1")).isZero();
  }

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
      wire.delay(Duration.ofMillis(20));
      var imported = CompletableFuture.supplyAsync(() -> runOn(wire.url(), file));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> tables() > 0 && number(url, "SELECT COUNT(*) FROM search_staging") > 2);
      wire.block();
      TimeUnit.SECONDS.sleep(7); // longer than a request waits
      wire.delay(Duration.ZERO);
      wire.unblock();
      assertThat(imported.join()).isZero();
    }
    assertThat(out.toString()).contains(rows + " stored, 0 duplicates, 0 rejected");
    assertThat(number(url, "SELECT SUM(keystrokes) FROM search_staging WHERE session_id LIKE 's%'"))
        .isEqualTo(rows);
  }

  private long tables() throws Exception {
    return number(
        url,
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'search_staging'");
  }

  @Test
  void theSeparatorCanBeGiven() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "topic!a,b,c\nt!1\n");
    assertThat(run(file, "--separator", "!")).isZero();
    assertThat(number(url, "SELECT JSON_EXTRACT(payload, '$.\"a,b,c\"') = '1' FROM event_log"))
        .isEqualTo(1);
    assertThat(run(file, "--separator", "!!")).isEqualTo(2);
  }

  @Test
  void aHeaderThatCannotBeMeantIsOneSentence() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "topic,when,when\nt,1,2\n");
    assertThat(run(file)).isEqualTo(1);
    assertThat(err.toString()).contains("The header has two columns 'when'.").hasLineCount(1);
    Files.writeString(file, "topic,when\nt,1\n");
    assertThat(run(file, "--map", "When=occurred_at")).isEqualTo(2);
    assertThat(err.toString()).contains("--map: Unknown column 'When'. Columns are: topic, when.");
    assertThat(run(file, "--map", "when=topic")).isEqualTo(1);
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isZero();
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

  @Test
  void badLinesAreWrittenWithTheirReasonAndTheOthersAreStored() throws Exception {
    Path file = folder.resolve("a.ndjson");
    Files.writeString(file, "{\"topic\":\"t\"}\nnonsense\n{\"topic\":{}}\n{\"topic\":\"t\"}\n");
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("2 stored, 0 duplicates, 2 rejected, see ");
    assertThat(Files.readAllLines(folder.resolve("a.ndjson.rejected")))
        .containsExactly(
            "{\"row\":2,\"reason\":\"not JSON\",\"content\":\"nonsense\"}",
            "{\"row\":3,\"reason\":\"topic must be a string or a number\",\"content\":\"{\\\"topic\\\":{}}\"}");
    assertThat(run(file)).isEqualTo(3);
    assertThat(folder.resolve("a.ndjson.rejected")).content().hasLineCount(2);
  }

  @Test
  void packedFilesAndStandardInputAreRead() throws Exception {
    Path file = folder.resolve("a.csv.gz");
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
      packed.write("topic,event_id\nt,1\nt,2\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(run(file)).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(2);
    InputStream before = System.in;
    System.setIn(
        new ByteArrayInputStream("topic,event_id\nt,2\nt,3\n".getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(run(Path.of("-"), "--format", "csv")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString()).contains("stdin: 1 stored, 1 duplicates");
    assertThat(Path.of("stdin.rejected")).doesNotExist();
  }

  @Test
  void logsOfKeystrokesAreStagedWithTheirTimes() throws Exception {
    Path file = folder.resolve("typed.csv");
    Files.writeString(
        file,
        """
        session_id,keyword,typed_at,submitted
        s,b,2024-01-01T10:00:00.000Z,
        s,be,2024-01-01T10:00:00.200Z,
        s,berlin,2024-01-01T10:00:00.400Z,
        s,bonn,2024-01-01T10:00:05.000Z,true
        """);
    assertThat(run(file)).isZero();
    assertThat(
            number(
                url,
                """
                SELECT COUNT(*) FROM search_staging WHERE keyword = 'bonn' AND submitted AND keystrokes = 4
                AND JSON_UNQUOTE(JSON_EXTRACT(finished, '$[0].keyword')) = 'berlin'
                AND typed_at = '2024-01-01 10:00:05'
                """))
        .isEqualTo(1);
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
    assertThat(again).hasSameTextualContentAs(file);
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

  private void logSearches() throws Exception {
    Path none = folder.resolve("none.ndjson");
    Files.writeString(none, "");
    assertThat(run(none)).isZero();
    TestDatabase.execute(
        url,
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded, submitted,
                                keystrokes, typed_at)
        VALUES
          (CRC32('1:s') & 63, 4194304, '2024-02-29 10:00:00.001', 1, 's', NULL, 'Größe', 'größe', FALSE, 5, NULL),
          (CRC32('1:s') & 63, 4194305, '2024-02-29 11:00:00', 1, 's', '+49', 'größe', 'größe', TRUE, 7,
           '2024-02-29 10:59:59.123'),
          (CRC32('1:=s') & 63, 4194304, '2024-02-29 10:00:00', 1, '=s', 'ann', '=1+1', '=1+1', FALSE, 4, NULL),
          (CRC32('1:t') & 63, 8388608, '2024-03-01 00:00:00', 1, 't', NULL, 'a, "b"', 'a, "b"', FALSE, 6, NULL)
        """);
  }

  @Test
  void aSearchThatCannotBeRestoredIsRejectedWithItsReason() throws Exception {
    Path file = folder.resolve("a.ndjson");
    String search =
        "{\"id\":\"%s\",\"session_id\":\"s\",\"keyword\":\"%s\",\"keystrokes\":%s,\"searched_at\":\"%s\"%s}";
    String day = "2024-02-29T10:00:00Z";
    Files.write(
        file,
        List.of(
            search.formatted(1, "berlin", 6, day, ""),
            search.formatted(1, "berlin", 6, day, ""),
            search.formatted(1, "bonn", 4, day, ""),
            search.formatted("", "bonn", 4, day, ""),
            search.formatted(Long.MAX_VALUE, "bonn", 4, day, ""),
            search.formatted(2, " ", 4, day, ""),
            search.formatted(2, "bonn", 0, day, ""),
            search.formatted(2, "bonn", "null", day, ""),
            search.formatted(2, "bonn", 4, "yesterday", ""),
            search.formatted(2, "bonn", 4, "1969-12-31T23:59:59Z", ""),
            search.formatted(2, "bonn", 4, day, ",\"typed_at\":\"noon\""),
            search.formatted(2, "bonn", 4, day, ",\"submitted\":1")));
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("a.ndjson: 1 stored, 1 duplicates, 10 rejected");
    assertThat(Files.readAllLines(folder.resolve("a.ndjson.rejected")))
        .extracting(line -> line.replaceAll(".*\"reason\":\"([^\"]*)\".*", "$1"))
        .containsExactly(
            "id belongs to another search",
            "id must be an integer from 1 to 9223372036854775807",
            "id must be one that export wrote, of a time at most a day ahead of now",
            "keyword is missing",
            "keystrokes must be an integer from 1 to 2147483647",
            "keystrokes is missing",
            "searched_at must be ISO-8601, from 1970 to at most a day ahead of now",
            "searched_at must be ISO-8601, from 1970 to at most a day ahead of now",
            "typed_at must be ISO-8601 or milliseconds since 1970",
            "submitted must be true or false");
  }

  @Test
  void aMissingFileOrAMisspeltOptionIsOneSentence() {
    assertThat(run(folder.resolve("none.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("No such file").hasLineCount(1);
    assertThat(run(Path.of("x"), "--as", "things")).isEqualTo(2);
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

  @Test
  void anotherFileUnderTheSameNameBeginsAnew() throws Exception {
    Path file = folder.resolve("a.ndjson");
    Path state = folder.resolve("a.ndjson.import");
    ImportProgress begun = new ImportProgress(2, "00", 2, 0, 0, 0);
    for (int rows : new int[] {1, 2, 3}) {
      begun.write(state);
      Files.writeString(
          file,
          IntStream.range(0, rows)
              .mapToObj(i -> "{\"topic\":\"t%d\",\"value\":%d}%n".formatted(rows, i))
              .collect(Collectors.joining()));
      assertThat(run(file)).isZero();
      assertThat(out.toString())
          .contains(
              "a.ndjson: changed since the interrupted import", rows + " stored, 0 duplicates");
      assertThat(state).doesNotExist();
    }
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(6);
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
