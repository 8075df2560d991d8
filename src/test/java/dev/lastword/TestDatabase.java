package dev.lastword;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.EmbeddedDatabase;
import dev.lastword.database.Migrations;
import dev.lastword.ops.PartitionMaintenance;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/**
 * The server of the tests, chosen once for all of them: {@code LASTWORD_TEST_DB_URL} (a JDBC URL,
 * or {@code embedded}), else MySQL 8.4 in Docker, else the embedded MariaDB.
 */
public final class TestDatabase {

  /** A folder in memory, which Linux has. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final String PREFIX = "lastword-test-";
  private static final long TABLES_SIZE = 2L << 30; // bytes; a process writes half of them

  private static final String SERVER = server();
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static final Queue<String> CREATED = new ConcurrentLinkedQueue<>();

  private TestDatabase() {}

  /**
   * Creates a schema as a node leaves it that ran there: with its tables and their months.
   *
   * @return its JDBC URL with user and password
   */
  public static String create() {
    String url = createEmpty();
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      for (String copy : Template.COPY) {
        statement.execute(copy);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("No tables: " + e.getMessage(), e);
    }
    return url;
  }

  /** Creates a schema without tables, and returns its JDBC URL with user and password. */
  public static String createEmpty() {
    String schema =
        "lastword_test_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
    try (Connection connection = admin();
        var statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + schema);
      statement.execute("CREATE DATABASE " + schema);
      CREATED.add(schema);
    } catch (SQLException e) {
      throw new IllegalStateException("No test database: " + e.getMessage(), e);
    }
    return SERVER.replaceFirst("(//[^/]+/)[^?]*", "$1" + schema);
  }

  /** A schema that was migrated. To copy its tables is faster than to migrate each schema. */
  private static final class Template {
    static final List<String> COPY = migrate();

    private static List<String> migrate() {
      String url = createEmpty();
      DatabaseAddress address = DatabaseAddress.parse(url, null, null);
      Migrations.run(address);
      PartitionMaintenance.makeAll(address);
      List<String> statements = new ArrayList<>();
      try (Connection connection = DriverManager.getConnection(url);
          var tables = connection.createStatement();
          var row =
              tables.executeQuery(
                  "SELECT DATABASE(), table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
        while (row.next()) {
          String table = row.getString(2);
          String template = row.getString(1) + "." + table;
          statements.add("CREATE TABLE %s LIKE %s".formatted(table, template));
          if (number(connection, "SELECT COUNT(*) FROM " + table) > 0) {
            statements.add("INSERT INTO %s SELECT * FROM %s".formatted(table, template));
          }
        }
      } catch (SQLException e) {
        throw new IllegalStateException("No tables to copy: " + e.getMessage(), e);
      }
      return statements;
    }
  }

  /**
   * Returns a connection of an account that may change settings of the server. It has those of the
   * product, whatever the server's are.
   */
  public static Connection admin() throws SQLException {
    return DatabaseAddress.parse(SERVER, null, null).connect();
  }

  /** Returns whether other processes use the server at the same time. */
  public static boolean isShared() {
    String given = System.getenv("LASTWORD_TEST_DB_URL");
    return given != null
        && !given.equals("embedded")
        && Integer.getInteger("lastword.test.forks", 1) > 1;
  }

  /** Returns the settings of a node on the schema of {@code url}. */
  public static Map<String, Object> settings(String url) {
    return Map.of("lastword.db.url", url);
  }

  /** Returns the first number of a query's result in the schema of {@code url}; 0 for NULL. */
  public static long number(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return number(connection, sql);
    }
  }

  /** As {@link #number(String, String)}, in the transaction of {@code connection}. */
  public static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Runs a statement in the schema of {@code url}. */
  public static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String server() {
    String given = System.getenv("LASTWORD_TEST_DB_URL");
    if ("embedded".equals(given)) {
      return embedded();
    }
    if (given != null && !given.isBlank()) {
      Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::dropAll));
      return chosen("LASTWORD_TEST_DB_URL", given);
    }
    return DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
  }

  /** Drops the schemas, because others may use the server. */
  private static void dropAll() {
    try (Connection connection = admin();
        var statement = connection.createStatement()) {
      for (String schema : CREATED) {
        statement.execute("DROP DATABASE IF EXISTS " + schema);
      }
    } catch (SQLException e) {
      System.err.println("Test schemas are left: " + e.getMessage());
    }
  }

  /** Starts a container, which Testcontainers stops with this process. */
  private static String container() {
    var mysql = new MySQLContainer("mysql:8.4").withUsername("root").withPassword("test");
    mysql.start();
    return chosen(
        "mysql:8.4 in Docker",
        "jdbc:mysql://%s:%d/test?user=root&password=test&sslMode=DISABLED&allowPublicKeyRetrieval=true"
            .formatted(mysql.getHost(), mysql.getMappedPort(3306)));
  }

  /**
   * Starts a server like in production, except for the flush with each commit, which only matters
   * if the machine itself stops. Each process that runs tests has its own. Its tables are in memory
   * if there is enough.
   */
  private static String embedded() {
    Path data = Path.of(System.getProperty("lastword.test.data", "target/test-data"));
    if (!Files.exists(data)) {
      createData(data);
    }
    List<String> options = new ArrayList<>(List.of("--innodb-flush-log-at-trx-commit=2"));
    Optional<Path> tables = tablesInMemory(data);
    tables.ifPresent(folder -> options.add("--datadir=" + folder));
    var mariadb = EmbeddedDatabase.start(data, options.toArray(String[]::new));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  mariadb.close();
                  tables.ifPresent(TestDatabase::delete);
                }));
    var address = mariadb.address();
    return chosen(
        "the embedded MariaDB" + (tables.isPresent() ? ", in memory" : ""),
        address.url() + "&user=" + address.user() + "&password=" + address.password());
  }

  /** Copies the tables on disk to a folder in memory; empty if that has not enough space. */
  private static Optional<Path> tablesInMemory(Path data) {
    long needed = Integer.getInteger("lastword.test.forks", 1) * TABLES_SIZE;
    if (!Files.isWritable(MEMORY) || MEMORY.toFile().getUsableSpace() < needed) {
      return Optional.empty();
    }
    try (Stream<Path> left = Files.list(MEMORY)) {
      left.filter(TestDatabase::isLeft).forEach(TestDatabase::delete);
      Path tables = MEMORY.resolve(PREFIX + ProcessHandle.current().pid());
      copy(data.resolve("tables"), tables);
      return Optional.of(tables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates a folder of the embedded database with its programs and the tables of an empty server.
   * To unpack and create them takes seconds: that is done once, and the programs are linked.
   *
   * @param data in the file system of the build; what it contained is deleted
   */
  public static void createData(Path data) {
    Path first = BuildLock.SHARED.resolve("data");
    try {
      BuildLock.run(
          () -> {
            if (!Files.exists(first.resolve("tables"))) {
              EmbeddedDatabase.start(first).close();
            }
          });
      if (Files.exists(data)) {
        delete(data);
      }
      Files.createDirectories(data);
      try (Stream<Path> parts = Files.list(first)) {
        for (Path part : parts.filter(Files::isDirectory).toList()) {
          Path name = part.getFileName();
          if (name.toString().startsWith("mariadb-")) {
            link(part, data.resolve(name));
          } else {
            copy(part, data.resolve(name));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectory(target);
        } else {
          Files.createLink(target, file);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  /** Returns whether a folder is of a process that was killed; this one may have its number. */
  private static boolean isLeft(Path folder) {
    String name = folder.getFileName().toString();
    return name.matches(PREFIX + "\\d+")
        && ProcessHandle.of(Long.parseLong(name.substring(PREFIX.length())))
            .filter(process -> !process.equals(ProcessHandle.current()))
            .isEmpty();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) { // another process may delete it, too
      System.err.println("Test tables are left: " + e.getMessage());
    }
  }

  private static String chosen(String what, String url) {
    System.err.println("Test database: " + what);
    return url;
  }
}
