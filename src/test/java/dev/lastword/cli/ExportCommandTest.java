package dev.lastword.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.LastwordProcess;
import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportCommandTest {

  private static final int MANY = 2_500;

  private final String url = TestDatabase.create();
  private StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeAll
  void fill() throws SQLException {
    assertThat(run("migrate")).isZero();
    LocalDateTime start = LocalDateTime.parse("2025-10-12T00:00");
    List<LogRow> searches = new ArrayList<>();
    List<LogRow> events = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      searches.add(LogRow.search("größe").id(i).at(start.plusMinutes(i)));
      events.add(
          LogRow.event(i % 5 == 0 ? "rare" : "often")
              .id(i)
              .at(start.plusMinutes(i))
              .set("event_id", "e")
              .set("payload", "{\"n\": 1}"));
    }
    try (var connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      LogRow.insert(connection, searches);
      LogRow.insert(connection, events);
      connection
          .createStatement()
          .execute("INSERT INTO hourly_search VALUES (1, '2025-10-12 07:00', 2500, 12500)");
      connection.commit();
    }
  }

  @Test
  void everyRowIsInTheFileOnceAndNewestFirst() throws IOException {
    Path file = folder.resolve("searches.ndjson");
    assertThat(run("export", "searches", file.toString())).isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(MANY);
    for (int i = 0; i < MANY; i++) {
      assertThat(lines.get(i))
          .startsWith("{\"id\":\"" + (MANY - 1 - i) + "\",\"keyword\":\"größe\"");
    }
    assertThat(err.toString()).contains("searches: 1000 of 2500", "2500 searches written");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aNameThatEndsWithGzIsCompressedAndCsvHasAHeader() throws IOException {
    Path file = folder.resolve("Events.CSV.gz");
    assertThat(run("export", "events", file.toString(), "--topic", "rare")).isZero();
    try (var zip = new GZIPInputStream(Files.newInputStream(file))) {
      List<String> lines = new String(zip.readAllBytes(), UTF_8).lines().toList();
      assertThat(lines).hasSize(MANY / 5 + 1);
      assertThat(lines.get(0)).startsWith("id,event_id,topic,");
      assertThat(lines.get(1)).startsWith("2495,e,rare,");
    }
    // They have no daily counts, so the estimate of the progress is wrong.
    assertThat(err.toString()).hasLineCount(2).contains("events: 1 of 1", "500 events written");
  }

  @Test
  void withoutAFileItGoesToStandardOutputAndNothingElseDoes() {
    PrintStream before = System.out;
    var out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      assertThat(
              run(
                  "export",
                  "events",
                  "--from",
                  "2025-10-12T01:00:00Z",
                  "--to",
                  "2025-10-12T01:03:00Z"))
          .isZero();
    } finally {
      System.setOut(before);
    }
    assertThat(out.toString(UTF_8).lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{\"id\":\"6") && line.endsWith("{\"n\":1}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export",
        "export people",
        "export searches f.txt",
        "export searches --format xml",
        "export searches --topic a",
        "export searches --from yesterday",
        "export events --topic ,",
        "export events --from 2025-10-13 --to 2025-10-12"
      })
  void whatCannotBeMeantIsNotUnderstood(String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.replaceAll(arg -> arg.equals(",") ? " " : arg);
    assertThat(run(args.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty();
  }

  @Test
  void aLinkIsFollowedAndStaysALink() throws IOException {
    Path file = folder.resolve("real.ndjson");
    Path link = Files.createSymbolicLink(folder.resolve("link.ndjson"), Path.of("real.ndjson"));
    for (int i = 0; i < 2; i++) {
      assertThat(run("export", "events", link.toString(), "--topic", "rare")).isZero();
      assertThat(link).isSymbolicLink();
      assertThat(Files.readAllLines(file)).hasSize(MANY / 5);
      Files.writeString(file, "old");
    }
  }

  @Test
  void aPipeIsWrittenThrough() throws Exception {
    Path pipe = folder.resolve("pipe.csv");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<List<String>> lines =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readAllLines(pipe);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(run("export", "events", pipe.toString(), "--topic", "rare")).isZero();
    assertThat(lines.get(30, TimeUnit.SECONDS)).hasSize(MANY / 5 + 1);
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
  }

  @Test
  void aFullDeviceIsAFailureAndStaysADevice() throws IOException {
    Path device = Files.createSymbolicLink(folder.resolve("full.csv"), Path.of("/dev/full"));
    assertThat(run("export", "events", device.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("No space left on device");
    assertThat(Files.readAttributes(Path.of("/dev/full"), BasicFileAttributes.class).isOther())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"export events", "rejected list"})
  void standardOutputThatCannotBeWrittenIsAFailure(String command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command.split(" ")));
    line.addAll(List.of("--db-url", url));
    Process process =
        LastwordProcess.command(line.toArray(String[]::new))
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(new File("/dev/full"))
            .start();
    assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
        .contains("Cannot write to standard output.");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void aFullDiskIsAFailureOfTheFileAndLeavesNothing() throws IOException {
    Path file = folder.resolve("a.csv");
    Path part = folder.resolve("a.csv.part");
    Files.createSymbolicLink(part, Path.of("/dev/full"));
    assertThat(run("export", "events", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("lastword: Cannot write %s (No space left on device)".formatted(file));
    assertThat(file).doesNotExist();
    assertThat(Files.isSymbolicLink(part)).isFalse();
  }

  @Test
  void aFileThatCannotBeWrittenIsAFailure() {
    assertThat(run("export", "searches", folder.resolve("no/such/folder.csv").toString()))
        .isEqualTo(1);
  }

  private int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    if (args.length > 1 || args[0].equals("migrate")) {
      all.addAll(List.of("--db-url", url));
    }
    err = new StringWriter();
    return LastwordCommand.commandLine()
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(new StringWriter()))
        .execute(all.toArray(String[]::new));
  }
}
