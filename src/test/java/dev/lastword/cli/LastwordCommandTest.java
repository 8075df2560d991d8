package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LastwordCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void whatIsNotUnderstoodExitsWith2() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("sevre")).isEqualTo(2);
    assertThat(run("serve", "--prot", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("serve").contains("--port");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void everyCommandExplainsItself() {
    assertThat(run("--help")).isZero();
    LastwordCommand.commandLine()
        .getSubcommands()
        .keySet()
        .forEach(
            command -> {
              assertThat(run(command, "--help")).isZero();
              assertThat(out.toString()).contains("Usage: lastword " + command);
            });
  }

  @Test
  void helpBreaksNoWordAndNoSentenceAt80Columns() {
    commands(LastwordCommand.commandLine())
        .forEach(
            command -> {
              String help = help(command, 80);
              assertThat(help.split("\\s+")).containsExactly(help(command, 400).split("\\s+"));
              assertThat(help.lines()).allMatch(line -> line.length() <= 80);
              command
                  .getHelp()
                  .subcommands()
                  .values()
                  .forEach(
                      listed ->
                          assertThat(listed.commandSpec().usageMessage().description()[0])
                              .endsWith("."));
            });
  }

  private static Stream<CommandLine> commands(CommandLine root) {
    return Stream.concat(
        Stream.of(root),
        root.getSubcommands().values().stream().flatMap(LastwordCommandTest::commands));
  }

  private static String help(CommandLine command, int width) {
    return command.setUsageHelpWidth(width).getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "export events", "import FILE", "rejected list"})
  void commandsCreateNoDatabase(String line, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "{\"topic\":\"t\"}");
    Path data = folder.resolve("data");
    List<String> args = new ArrayList<>(List.of(line.replace("FILE", file.toString()).split(" ")));
    args.addAll(List.of("--data", data.toString()));
    assertThat(run(args.toArray(String[]::new))).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("lastword: There is no database in " + data)
        .hasLineCount(1);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void migrateTellsWhatItDidAndDoctorIsContentThen() throws SQLException {
    String url = TestDatabase.createEmpty();
    assertThat(run("doctor", "--db-url", url)).isEqualTo(1);
    assertThat(out.toString()).contains("fail  migrations");
    assertThat(run("migrate", "--db-url", url)).isZero();
    assertThat(out.toString()).contains("1  searches", "2  events").contains("are at version ");
    assertThat(partitions(url)).isEqualTo(6);
    assertThat(run("doctor", "--db-url", url)).isZero();
    assertThat(out.toString()).contains("ok    migrations");
  }

  @Test
  void anExpectedFailureIsOneSentence() {
    assertThat(run("migrate", "--db-url", "postgres://db/shop")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("lastword: LASTWORD_DB_URL (--db-url) must be ")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  private static int partitions(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var row =
            connection
                .createStatement()
                .executeQuery(
                    """
                    SELECT COUNT(*) FROM information_schema.partitions
                    WHERE table_schema = DATABASE() AND table_name = 'search_log'
                    """)) {
      row.next();
      return row.getInt(1);
    }
  }

  private int run(String... args) {
    var commands = LastwordCommand.commandLine();
    return commands
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
