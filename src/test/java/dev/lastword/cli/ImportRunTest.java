package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.query.Rows;
import dev.lastword.rollup.Logs;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;

/** Runs the command many times with the beans of one context, on a database that is cleared. */
@MicronautTest(transactional = false, startApplication = false)
@Property(name = "lastword.jobs.enabled", value = "false")
@Property(name = "lastword.max-wait", value = "1m")
class ImportRunTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Inject ApplicationContext beans;
  @Inject Rows tables;

  @Value("${lastword.db.url}")
  String url;

  @BeforeEach
  void clear() {
    tables.clear();
  }

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
  void aHeaderOfAnotherEncodingIsOneSentence() throws Exception {
    Path file = folder.resolve("a.csv");
    Files.write(file, bytes("topic,größe\nt,1\n"));
    assertThat(run(file)).isEqualTo(1);
    assertThat(err.toString()).contains("The header is not UTF-8; --encoding").hasLineCount(1);
    assertThat(run(file, "--encoding", "ISO-8859-1")).isZero();
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
            search.formatted(2, "bonn", 4, day, ",\"submitted\":1"),
            search.formatted(2, "bonn", 4, day, ",\"revision\":-1"),
            search.formatted(2, "bonn", 4, day, ",\"revision\":1"),
            search.formatted(2, "bonn", 4, day, ",\"revision\":1,\"amended_at\":\"noon\""),
            search.formatted(2, "bonn", 4, day, ",\"amended_at\":\"" + day + "\"")));
    assertThat(run(file)).isEqualTo(3);
    assertThat(out.toString()).contains("a.ndjson: 1 stored, 1 duplicates, 14 rejected");
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
            "submitted must be true or false",
            "revision must be an integer from 0 to 2147483647",
            "amended_at must be ISO-8601, from 1970 to at most a day ahead of now, or missing if revision is 0",
            "amended_at must be ISO-8601, from 1970 to at most a day ahead of now, or missing if revision is 0",
            "amended_at must be ISO-8601, from 1970 to at most a day ahead of now, or missing if revision is 0");
  }

  @Test
  void ofTwoRevisionsOfASearchTheLaterOneStays() throws Exception {
    Path file = folder.resolve("a.ndjson");
    String search =
        "{\"id\":\"4711\",\"session_id\":\"s\",\"keyword\":\"%s\",\"keystrokes\":%d,\"searched_at\":\"%s\",\"revision\":%d,\"amended_at\":%s}";
    String day = "2024-02-29T10:00:00Z";
    String later = "\"2024-02-29T10:01:00Z\"";
    String first = search.formatted("b", 1, day, 0, "null");
    String second = search.formatted("ber", 3, day, 1, later);
    String third = search.formatted("berlin", 6, day, 2, later);
    Files.write(file, List.of(first, second));
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("a.ndjson: 1 stored, 1 duplicates, 0 rejected");
    Files.write(file, List.of(third, second, first));
    assertThat(run(file)).isZero();
    assertThat(out.toString()).contains("a.ndjson: 1 stored, 2 duplicates, 0 rejected");
    assertThat(
            number(
                url,
                "SELECT COUNT(*) FROM search_log WHERE keyword = 'berlin' AND keystrokes = 6 AND revision = 2"))
        .isEqualTo(1);
    // Another time or session is another search.
    Files.write(file, List.of(search.formatted("berlin", 6, "2024-02-29T10:00:01Z", 3, later)));
    assertThat(run(file)).isEqualTo(3);
    assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isEqualTo(1);
    Logs.assertDoctorAgrees(url);
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
    List<String> command = new ArrayList<>(List.of("import", file.toString()));
    command.addAll(List.of(options));
    return LastwordCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionStrategy(this::importFiles)
        .execute(command.toArray(String[]::new));
  }

  private int importFiles(ParseResult parsed) {
    CommandLine line = parsed.subcommand().commandSpec().commandLine();
    ImportCommand command = line.getCommand();
    try {
      return command.importFiles(beans);
    } catch (IOException e) {
      throw new ExecutionException(line, e.toString(), e);
    }
  }
}
