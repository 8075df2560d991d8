package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the queries for the DBA in {@code sql/inspect}. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class InspectTest {

  private static final String COLUMNS = "-- Columns: ";

  @Value("${lastword.db.url}")
  String url;

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sql/inspect"))) {
      return files.sorted().toList();
    }
  }

  @BeforeEach
  void someRows() throws SQLException {
    run(
        "DELETE FROM search_staging",
        "DELETE FROM search_log",
        "DELETE FROM daily_search",
        "DELETE FROM hourly_search",
        "DELETE FROM active_user",
        "DELETE FROM daily_topic",
        "DELETE FROM rejected_event",
        "DELETE FROM admin_audit",
        """
        INSERT INTO admin_audit (done_at, tenant_id, actor, action, subject, detail)
        VALUES ('2025-10-01', 1, 'cli:ann', 'key.create', 'used', ''), ('2025-10-02', 1, 'anyone', 'key.revoke', 'used', '')
        """,
        "DELETE FROM erasure",
        """
        INSERT INTO erasure (tenant_id, requested_at, actor, finished_at, searches)
        VALUES (1, '2025-10-01', 'cli:ann', '2025-10-01', 3), (1, '2025-10-02', 'cli:ann', '2025-10-02', 5)
        """,
        "DELETE FROM api_key",
        """
        INSERT INTO api_key (id, tenant_id, secret_hash, scopes, label, created_at, expires_at, last_used_at, revoked_at)
        VALUES ('used', 1, '', 'read,write', '', '2025-10-01', NULL, '2025-10-12', NULL),
               ('unused', 1, '', 'read', '', '2025-10-02', '2999-01-01', NULL, NULL),
               ('expired', 1, '', 'read', '', '2025-10-01', '2025-10-02', NULL, NULL),
               ('revoked', 1, '', 'read', '', '2025-10-01', NULL, NULL, '2025-10-02')
        """,
        "DELETE FROM shedlock",
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                    submitted, last_seen)
        VALUES (1, 1, 's-1', 'typing', 'typing', 6, 1, FALSE, UTC_TIMESTAMP(3)),
               (1, 1, 's-2', 'waits', 'waits', 5, 1, FALSE, UTC_TIMESTAMP(3) - INTERVAL 65 SECOND),
               (1, 1, 's-3', 'entered', 'entered', 7, 1, TRUE, UTC_TIMESTAMP(3) - INTERVAL 3 SECOND),
               (64, 0, 'lane 0', 'batch 2', '', 0, 0, FALSE, UTC_TIMESTAMP(3) - INTERVAL 1 DAY)
        """,
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                    last_seen, refused)
        VALUES (1, 1, 's-0', 'refused', 'refused', 7, 1, UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, 'error 3819')
        """,
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, keyword, folded, submitted, keystrokes)
        VALUES (1, 1, UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE, 1, 's-4711', 'older', 'older', FALSE, 5),
               (1, 2, UTC_TIMESTAMP(3), 1, 's-4711', 'newer', 'newer', FALSE, 5),
               (1, 3, UTC_TIMESTAMP(3), 2, 's-4711', 'foreign', 'foreign', FALSE, 5)
        """,
        """
        UPDATE search_log
        SET revision = 1, amended_at = UTC_TIMESTAMP(3), former_folded = 'new', former_keystrokes = 3
        WHERE keyword IN ('newer', 'foreign')
        """,
        """
        INSERT INTO daily_search (tenant_id, day, folded, searches, keystrokes, magnitude)
        VALUES (1, UTC_DATE(), 'a', 7, 70, 3), (2, UTC_DATE(), 'b', 50, 500, 6)
        """,
        """
        INSERT INTO daily_search (tenant_id, day, folded, searches, keystrokes, magnitude)
        VALUES (1, UTC_DATE() - INTERVAL 1 DAY, 'c', 2, 20, 2), (1, UTC_DATE() - INTERVAL 29 DAY, 'c', 6, 60, 3),
               (1, UTC_DATE() - INTERVAL 30 DAY, 'a', 9, 90, 4)
        """,
        """
        INSERT INTO active_user (tenant_id, kind, topic, day, chunk, users, bitmap)
        VALUES (1, 0, '', UTC_DATE(), 0, 5, ''), (1, 0, '', UTC_DATE(), 1, 1, ''), (1, 1, '', UTC_DATE(), 0, 4, ''),
               (1, 2, '', UTC_DATE(), 0, 3, ''), (1, 3, 't', UTC_DATE(), 0, 3, '')
        """,
        """
        INSERT INTO hourly_search (tenant_id, hour, searches, keystrokes)
        VALUES (1, UTC_DATE(), 3, 30), (1, UTC_DATE() + INTERVAL 1 HOUR, 4, 40), (2, UTC_DATE(), 50, 500)
        """,
        """
        INSERT INTO daily_topic
          (bucket, tenant_id, day, topic, events, duplicates, changed, rejected, value_count, value_sum)
        VALUES (1, 1, UTC_DATE(), 'order', 6, 2, 1, 0, 0, 0), (2, 1, UTC_DATE(), 'order', 0, 0, 0, 2, 0, 0),
               (1, 1, UTC_DATE(), 'login', 7, 0, 0, 0, 0, 0)
        """,
        """
        INSERT INTO rejected_event (bucket, tenant_id, id, rejected_at, topic, event_id, reason, event)
        VALUES (1, 1, 1, UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE, 't', 'older', 'too odd', '{}'),
               (0, 1, 2, UTC_TIMESTAMP(3), 't', 'newer', 'too odd', '{}')
        """,
        """
        INSERT INTO shedlock (name, lock_until, locked_at, locked_by)
        VALUES ('ended', UTC_TIMESTAMP(3) - INTERVAL 1 SECOND, UTC_TIMESTAMP(3), 'node-1'),
               ('good', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), 'node-2')
        """);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileAnswersItsQuestionWithTheColumnsItPromises(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).matches("-- .+\\?.*");
    String promise =
        lines.stream().filter(line -> line.startsWith(COLUMNS)).findFirst().orElseThrow();
    assertThat(columns(file)).containsExactly(promise.substring(COLUMNS.length()).split(", ", -1));
    assertThat(column(file, 1)).isNotEmpty();
  }

  @Test
  void waitingSessionsAreListedAndTypingOnesAreNot() throws Exception {
    assertThat(column(inspect("stuck"), 4)).containsExactly("s-2", "s-3");
    assertThat(column(inspect("typing-now"), 3)).containsExactly("s-1", "s-3", "s-2", "s-0");
    assertThat(column(inspect("refused"), 5)).containsExactly("s-0");
  }

  @Test
  void theLagIsThatOfTheRowThatWaitsLongest() throws Exception {
    assertThat(column(inspect("promotion-lag"), 2)).containsExactly("2");
    double lag = Double.parseDouble(column(inspect("promotion-lag"), 3).get(0));
    assertThat(lag).isBetween(60.0, 90.0);
  }

  @Test
  void aLockThatHasEndedIsNotHeld() throws Exception {
    assertThat(column(inspect("lock-holders"), 3)).containsExactly("0", "1");
  }

  @Test
  void searchesAreOfOneTenantAndInOrder() throws Exception {
    assertThat(column(inspect("newest-searches"), 3)).containsExactly("newer", "older");
    assertThat(column(inspect("searches-of-a-session"), 3)).containsExactly("older", "newer");
    assertThat(column(inspect("amended-searches"), 6)).containsExactly("newer");
  }

  @Test
  void daysAndTenantsAreAddedUp() throws Exception {
    assertThat(column(inspect("searches-per-day"), 3)).containsExactly("50", "7", "2", "6");
    assertThat(column(inspect("top-searches"), 3)).containsExactly("c", "a", "b");
    assertThat(column(inspect("top-searches"), 5)).containsExactly("53.33", "46.67", "100.00");
    assertThat(column(inspect("active-users"), 3)).containsExactly("6");
    assertThat(column(inspect("active-users"), 5)).containsExactly("3");
    assertThat(column(inspect("biggest-tenants"), 1)).containsExactly("2", "1");
  }

  @Test
  void eventsAreAddedUpByTopicAndRepeatsAreShownWhereThereAreSome() throws Exception {
    assertThat(column(inspect("topics"), 2)).containsExactly("login", "order");
    assertThat(column(inspect("topics"), 5)).containsExactly("0", "2");
    assertThat(column(inspect("duplicates"), 3)).containsExactly("order");
    assertThat(column(inspect("duplicates"), 6)).containsExactly("20.0");
    assertThat(column(inspect("dead-letters"), 4)).containsExactly("newer", "older");
  }

  @Test
  void keysAuditEntriesAndErasuresAreListedInTheirOrder() throws Exception {
    assertThat(column(inspect("audit"), 3)).containsExactly("anyone", "cli:ann");
    assertThat(column(inspect("erasures"), 7)).containsExactly("5", "3");
    assertThat(column(inspect("keys"), 2)).containsExactly("unused", "used");
    assertThat(column(inspect("keys"), 3)).containsExactly("read", "write,read");
  }

  private static Path inspect(String name) {
    return Path.of("sql/inspect", name + ".sql");
  }

  private List<String> columns(Path file) throws Exception {
    List<String> names = new ArrayList<>();
    query(
        file,
        rows -> {
          var meta = rows.getMetaData();
          for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnLabel(i));
          }
        });
    return names;
  }

  private List<String> column(Path file, int column) throws Exception {
    List<String> values = new ArrayList<>();
    query(
        file,
        rows -> {
          while (rows.next()) {
            values.add(String.valueOf(rows.getString(column)));
          }
        });
    return values;
  }

  /**
   * Runs a file like the command-line client: statement by statement, with the result of the last
   * one.
   */
  private void query(Path file, Reading reading) throws Exception {
    List<String> statements = new ArrayList<>(List.of(Files.readString(file).split(";\\s*\n", -1)));
    statements.removeIf(String::isBlank);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String setting : statements.subList(0, statements.size() - 1)) {
        statement.execute(setting);
      }
      try (ResultSet rows = statement.executeQuery(statements.get(statements.size() - 1))) {
        reading.read(rows);
      }
    }
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private interface Reading {
    void read(ResultSet rows) throws SQLException;
  }
}
