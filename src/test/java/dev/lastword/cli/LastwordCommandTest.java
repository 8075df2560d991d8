package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

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
  void migrateTellsWhatItDidAndDoctorIsContentThen() throws SQLException {
    String url = TestDatabase.create();
    assertThat(run("doctor", "--db-url", url)).isEqualTo(1);
    assertThat(out.toString()).contains("fail  migrations");
    assertThat(run("migrate", "--db-url", url)).isZero();
    assertThat(out.toString())
        .contains("1  keystrokes and searches", "2  events")
        .contains("are at version ");
    assertThat(partitions(url)).isEqualTo(6);
    assertThat(run("doctor", "--db-url", url)).isZero();
    assertThat(out.toString()).contains("ok    migrations");
  }

  @Test
  void anExpectedFailureIsOneSentence() {
    assertThat(run("migrate", "--db-url", "postgres://db/shop")).isEqualTo(1);
    assertThat(err.toString()).startsWith("lastword: lastword.db.url is not").hasLineCount(1);
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
