package dev.lastword.database;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.ops.Doctor;
import dev.lastword.ops.Finding;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the product on a server whose defaults are unusual: the answers must be the same. Settings
 * that one of the servers does not have are left out there. Since they concern the whole server,
 * the test needs it for itself.
 */
@Tag("server-settings")
class HostileServerTest {

  private static List<String> usual = List.of();

  private final List<String> restore = new ArrayList<>();
  private String url = "";
  private Connection admin;

  @BeforeAll
  static void answersOfAUsualServer() throws Exception {
    assumeThat(TestDatabase.isShared())
        .as("other tests use this server at the same time")
        .isFalse();
    usual = answers(TestDatabase.createEmpty());
    assertThat(usual.get(0))
        .contains("Busines", "bonn", "\"café \\uD83C", "java", "rust", "zig")
        .doesNotContain("Bus\"");
  }

  @BeforeEach
  void connect() throws SQLException {
    url = TestDatabase.createEmpty();
    admin = TestDatabase.admin();
  }

  @AfterEach
  void restore() throws SQLException {
    try (Connection connection = admin;
        var statement = connection.createStatement()) {
      for (String former : restore) {
        statement.execute(former);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autocommit = 0",
        "init_connect = 'SET autocommit = 0, sql_mode = ''''' ; sql_safe_updates = 1 ;"
            + " auto_increment_increment = 7 ; auto_increment_offset = 3 ; time_zone = '-09:30'",
        "sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE' ;"
            + " completion_type = 1 ; sql_select_limit = 3 ; transaction_isolation = 'SERIALIZABLE' ;"
            + " tx_isolation = 'SERIALIZABLE' ; lower_case_file_system = 1",
        "sql_mode = '' ; completion_type = 2 ; max_join_size = 10 ; sql_big_selects = 0 ;"
            + " sql_auto_is_null = 1 ; group_concat_max_len = 4 ; max_sort_length = 64 ;"
            + " div_precision_increment = 0 ; character_set_server = 'latin1' ;"
            + " collation_connection = 'latin1_swedish_ci'",
        "sql_mode = 'ORACLE' ; transaction_read_only = 1 ; tx_read_only = 1 ; unique_checks = 0 ;"
            + " innodb_strict_mode = 0 ; default_storage_engine = 'MyISAM' ; lc_time_names = 'ja_JP' ;"
            + " explicit_defaults_for_timestamp = 0",
        "sql_mode = 'TRADITIONAL,ONLY_FULL_GROUP_BY,PAD_CHAR_TO_FULL_LENGTH,NO_UNSIGNED_SUBTRACTION,"
            + "HIGH_NOT_PRECEDENCE,REAL_AS_FLOAT' ; transaction_isolation = 'READ-UNCOMMITTED' ;"
            + " tx_isolation = 'READ-UNCOMMITTED' ; sql_require_primary_key = 1 ;"
            + " sql_generate_invisible_primary_key = 1 ; innodb_lock_wait_timeout = 1 ; wait_timeout = 2 ;"
            + " interactive_timeout = 2 ; old_mode = '' ; sort_buffer_size = 32768 ; tmp_table_size = 1024",
        "sql_mode = 'SIMULTANEOUS_ASSIGNMENT,EMPTY_STRING_IS_NULL,STRICT_ALL_TABLES' ;"
            + " foreign_key_checks = 0 ; low_priority_updates = 1 ; big_tables = 1 ;"
            + " default_week_format = 6 ; net_write_timeout = 2 ; updatable_views_with_limit = 0"
      })
  void answersTheSame(String settings) throws Exception {
    for (String setting : settings.split(" ; ")) {
      set(setting);
    }
    assertThat(restore).isNotEmpty();
    assertThat(answers(url)).isEqualTo(usual);
  }

  @Test
  void doctorShowsWhatTheServerWouldHaveGiven() throws Exception {
    set("autocommit = 0");
    set("init_connect = 'SET @a = 1'");
    var database = DatabaseAddress.parse(url, null, null);
    Migrations.run(database);
    assertThat(new Doctor(database, Duration.ofSeconds(5), false, false).examine())
        .filteredOn(finding -> finding.subject().equals("session"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.seen()).contains("autocommit = 0", "init_connect = SET @a = 1"));
  }

  @Test
  void aServerThatRequiresTlsIsReportedWithTheOption() throws Exception {
    set("require_secure_transport = 1");
    assertThatThrownBy(() -> FirstConnection.await(DatabaseAddress.parse(url, null, null)))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("Add sslMode=REQUIRED");
  }

  @Test
  void aFirstLoginWithoutTlsIsReportedWithTheOptions() throws Exception {
    if (admin.getMetaData().getDatabaseProductVersion().contains("MariaDB")) {
      return; // has no caching_sha2_password
    }
    try (var statement = admin.createStatement()) {
      statement.execute("CREATE USER lastword_new IDENTIFIED BY 'not-seen-before'");
      restore.add("DROP USER lastword_new");
    }
    String withoutKey = url.replaceFirst("[?].*", "?sslMode=DISABLED");
    assertThatThrownBy(
            () ->
                FirstConnection.await(
                    DatabaseAddress.parse(withoutKey, "lastword_new", "not-seen-before")))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("sslMode=REQUIRED")
        .hasMessageContaining("allowPublicKeyRetrieval=true")
        .hasMessageNotContaining("not-seen-before");
  }

  @Test
  void aBinaryLogOfStatementsIsReported() {
    Path folder = Path.of("target", "hostile-server-test");
    TestDatabase.createData(folder);
    try (var server =
        EmbeddedDatabase.start(folder, "--log-bin=binlog", "--binlog-format=STATEMENT")) {
      assertThatThrownBy(() -> FirstConnection.await(server.address()))
          .isInstanceOf(DatabaseFailure.class)
          .hasMessageContaining("Set binlog_format to ROW");
      assertThat(new Doctor(server.address(), Duration.ofSeconds(5), false, false).examine())
          .filteredOn(finding -> finding.subject().equals("binlog"))
          .singleElement()
          .satisfies(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.FAIL));
    }
  }

  /** Sets a variable of the server until the test ends; nothing if the server has none. */
  private void set(String setting) throws SQLException {
    String name = setting.substring(0, setting.indexOf(' '));
    String former;
    try (var statement = admin.createStatement();
        var row = statement.executeQuery("SELECT @@GLOBAL." + name)) {
      row.next();
      former = row.getString(1);
      statement.execute("SET GLOBAL " + setting);
    } catch (SQLException e) {
      return; // unknown here, or read-only
    }
    boolean number = former.matches("\\d+");
    restore.add(0, "SET GLOBAL %s = %s".formatted(name, number ? former : "'" + former + "'"));
  }

  /** Types, sends events, and returns what is answered about them. */
  private static List<String> answers(String url) throws Exception {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.debounce", "1s");
    settings.put("lastword.port", -1);
    try (var node = ApplicationContext.run(EmbeddedServer.class, settings)) {
      for (int end = 1; end <= 7; end++) {
        type(node, "visitor-1", "Business".substring(0, end));
        type(node, "visitor-2", "it's \\ 5".substring(0, end));
      }
      type(node, "visitor-3", "nerlin");
      type(node, "visitor-3", "berlin");
      type(node, "visitor-4", "bonn");
      for (String text : List.of("caf", "café", "café 🍕")) {
        type(node, "visitor-5", text);
      }
      // Some that are finished by their successors, so that the JSON of the row is used.
      for (String text : List.of("java", "rust", "zig")) {
        post(
            node,
            "/log",
            "{\"session_id\":\"visitor-6\",\"keyword\":\"%s\",\"submitted\":true}".formatted(text));
      }
      for (String day : List.of("2026-01-05", "2026-01-06", "2026-02-07")) {
        post(
            node,
            "/events",
            """
            [{"event_id":"1%1$s","topic":"order","user_id":"ann","value":10.25,"occurred_at":"%1$sT23:59:59.999Z"},
             {"event_id":"2%1$s","topic":"order","user_id":"bob","value":-1,"occurred_at":"%1$sT00:00:00Z"},
             {"event_id":"1%1$s","topic":"order","user_id":"ann","value":10.25,"occurred_at":"%1$sT23:59:59.999Z"},
             {"event_id":"3%1$s","topic":"visit","user_id":"O'Neil \\"x\\" \\\\","payload":{"a":"\\\\ 'é' 🍕"},
              "occurred_at":"%1$sT12:00:00Z"}, {"topic":""}]
            """
                .formatted(day));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  number(url, "SELECT COUNT(*) FROM search_log") >= 8
                      && number(url, "SELECT COUNT(*) FROM search_staging WHERE bucket < 64") == 0);
      List<String> answers = new ArrayList<>();
      for (String path :
          List.of(
              "/searches",
              "/searches?starts_with=b",
              "/events",
              "/events?q=%C3%A9",
              "/stats/top-searches",
              "/stats/top-events?from=2026-01-01&to=2026-02-28",
              "/stats/dau?from=2026-01-01&to=2026-02-28",
              "/stats/aggregate?topic=order&from=2026-01-01&to=2026-02-28",
              "/stats/retention?from=2026-01-01&to=2026-02-28",
              "/stats/sessions",
              "/stats/searches-over-time")) {
        answers.add(path + " " + stable(ok(HttpCalls.getAsync(node, path))));
      }
      return answers;
    }
  }

  /** Leaves out what differs from run to run: ids, and times of this run. */
  private static String stable(String answer) {
    return answer
        .replaceAll("\"id\":\"?\\d+\"?", "\"id\":0")
        .replaceAll("\"(searched_at|received_at)\":\"[^\"]*\"", "\"$1\":\"\"");
  }

  private static void type(EmbeddedServer node, String session, String text) {
    post(
        node,
        "/log",
        "{\"session_id\":\"%s\",\"keyword\":\"%s\"}"
            .formatted(session, text.replace("\\", "\\\\")));
  }

  private static void post(EmbeddedServer node, String path, String body) {
    ok(HttpCalls.postAsync(node, path, body));
  }

  private static String ok(CompletableFuture<HttpResponse<String>> call) {
    var response = call.join();
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
    return response.body();
  }
}
