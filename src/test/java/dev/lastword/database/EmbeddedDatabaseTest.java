package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class EmbeddedDatabaseTest {

  private static final Path DATA = Path.of("target", "embedded-database-test");

  private final List<Process> owners = new ArrayList<>();

  @BeforeAll
  static void startFromNothing() throws IOException {
    MariadbBinaries.delete(DATA);
  }

  @AfterEach
  void endOwners() {
    owners.forEach(owner -> owner.destroyForcibly().onExit().join());
  }

  @Test
  void keepsItsRowsAndItsProgramsFromOneStartToTheNext() throws Exception {
    try (var database = EmbeddedDatabase.start(DATA)) {
      write(database.address(), "first start");
    }
    var unpacked = Files.getLastModifiedTime(programs());
    try (var database = EmbeddedDatabase.start(DATA)) {
      assertThat(rows(database.address())).contains("first start");
      assertThat(Files.getLastModifiedTime(programs())).isEqualTo(unpacked);
    }
  }

  @Test
  void aKilledOwnerTakesTheServerWithItAndLosesNothingCommitted() throws Exception {
    Process owner = owner("killed owner");
    ProcessHandle server = server();
    owner.destroyForcibly();
    await().atMost(Duration.ofSeconds(30)).until(() -> !server.isAlive());
    try (var database = EmbeddedDatabase.start(DATA)) {
      assertThat(rows(database.address())).contains("killed owner");
    }
  }

  @Test
  void aLeftoverServerIsStoppedAndItsRowsAreRecovered() throws Exception {
    Process owner = owner("left behind");
    ProcessHandle server = server();
    // Kills also what would stop it with its owner.
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    owner.destroyForcibly().onExit().join();
    assertThat(server.isAlive()).isTrue();
    try (var database = EmbeddedDatabase.start(DATA)) {
      assertThat(server.isAlive()).isFalse();
      assertThat(rows(database.address())).contains("left behind");
    }
  }

  @Test
  void aKilledServerIsStartedAgainWithItsRows() throws Exception {
    try (var database = EmbeddedDatabase.start(DATA)) {
      write(database.address(), "killed server");
      ProcessHandle killed = server();
      killed.destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SQLException.class)
          .untilAsserted(() -> assertThat(rows(database.address())).contains("killed server"));
      assertThat(server()).isNotEqualTo(killed);
    }
    assertThat(EmbeddedDatabase.running(DATA)).isEmpty();
  }

  @Test
  void damagedProgramsAreUnpackedAgain() throws Exception {
    EmbeddedDatabase.start(DATA).close();
    Files.write(programs(), new byte[] {1});
    Files.delete(programs().resolveSibling("mariadb"));
    EmbeddedDatabase.start(DATA).close();
    assertThat(Files.size(programs())).isGreaterThan(1_000_000);
    assertThat(programs().resolveSibling("mariadb")).isExecutable();
  }

  @Test
  void anInterruptedFirstStartDoesNotBlockTheNext() throws Exception {
    Path unfinished = Files.createDirectories(DATA.resolve("tables.new"));
    Files.writeString(unfinished.resolve("ibdata1"), "half written");
    MariadbBinaries.delete(DATA.resolve("tables"));
    try (var database = EmbeddedDatabase.start(DATA)) {
      assertThat(database.address().answers()).isTrue();
    }
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void aSecondOwnerIsRefused() throws Exception {
    try (var database = EmbeddedDatabase.start(DATA)) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(DATA))
          .isInstanceOf(DatabaseFailure.class)
          .hasMessageContaining("Another Lastword");
      assertThat(database.address().answers()).isTrue();
    }
    owner("first owner");
    assertThatThrownBy(() -> EmbeddedDatabase.start(DATA))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("Another Lastword");
  }

  @Test
  void otherProcessesOfTheUserFindIt() throws Exception {
    owner("seen from outside");
    DatabaseAddress address = EmbeddedDatabase.running(DATA).orElseThrow();
    assertThat(rows(address)).contains("seen from outside");
  }

  @Test
  void sharesNoFolderForTemporaryTablesWithOtherServers() throws Exception {
    try (var database = EmbeddedDatabase.start(DATA);
        Connection connection = database.address().connect();
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT @@tmpdir")) {
      result.next();
      assertThat(Path.of(result.getString(1))).isEqualTo(DATA.toRealPath().resolve("tmp"));
    }
  }

  @Test
  void closeEndsTheServerAndMayBeRepeated() throws Exception {
    var database = EmbeddedDatabase.start(DATA);
    ProcessHandle server = server();
    database.close();
    assertThat(server.isAlive()).isFalse();
    assertThat(EmbeddedDatabase.running(DATA)).isEmpty();
    assertThatCode(database::close).doesNotThrowAnyException();
  }

  @Test
  void onlyTheAccountOfTheLoginFileGetsIn() throws Exception {
    try (var database = EmbeddedDatabase.start(DATA)) {
      String url = database.address().url();
      assertThat(new DatabaseAddress(url, "root", null).answers()).isFalse();
      assertThat(new DatabaseAddress(url, "lastword", "guess").answers()).isFalse();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(login())))
          .isEqualTo("rw-------");
    }
    assertThat(login()).doesNotExist();
  }

  @Test
  void anEarlyDeathTellsItsReason() {
    assertThatThrownBy(() -> EmbeddedDatabase.start(DATA, "--no-such-option"))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("unknown option '--no-such-option'");
  }

  @Test
  void aProgramThatHasTheNumberOfAnOldServerIsLeftAlone() throws Exception {
    EmbeddedDatabase.start(DATA).close();
    Process other = new ProcessBuilder("sleep", "60").start();
    owners.add(other);
    Files.writeString(DATA.resolve("mariadb.pid"), Long.toString(other.pid()));
    EmbeddedDatabase.start(DATA).close();
    assertThat(other.isAlive()).isTrue();
  }

  /** Starts a JVM that owns the database and has committed {@code row}. */
  private Process owner(String row) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes,
                Owner.class.getName(),
                DATA.toString(),
                row)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    owners.add(owner);
    try (BufferedReader output = owner.inputReader()) {
      assertThat(output.lines().filter("committed"::equals).findFirst()).isPresent();
    }
    return owner;
  }

  static final class Owner {
    public static void main(String[] args) throws Exception {
      var database = EmbeddedDatabase.start(Path.of(args[0]));
      write(database.address(), args[1]);
      System.out.println("committed");
      Thread.sleep(Duration.ofMinutes(5).toMillis());
      database.close();
    }
  }

  private static void write(DatabaseAddress address, String row) throws SQLException {
    try (Connection connection = address.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS kept (content VARCHAR(100))");
      statement.execute("INSERT INTO kept VALUES ('" + row + "')");
    }
  }

  private static List<String> rows(DatabaseAddress address) throws SQLException {
    try (Connection connection = address.connect();
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT content FROM kept")) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    }
  }

  private static ProcessHandle server() throws IOException {
    return Optional.of(Files.readString(DATA.resolve("mariadb.pid")))
        .map(Long::valueOf)
        .flatMap(ProcessHandle::of)
        .orElseThrow();
  }

  private static Path programs() throws IOException {
    try (Stream<Path> folders = Files.list(DATA)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("mariadb-"))
          .map(MariadbBinaries::server)
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path login() {
    return DATA.resolve("mariadb.cnf");
  }
}
