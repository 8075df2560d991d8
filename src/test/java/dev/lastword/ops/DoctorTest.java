package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.Migrations;
import dev.lastword.http.connection.TestCertificate;
import dev.lastword.ops.Finding.Level;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  private final String url = TestDatabase.createEmpty();
  private final DatabaseAddress database = DatabaseAddress.parse(url, null, null);

  @BeforeEach
  void migrate() {
    Migrations.run(database);
  }

  @Test
  void findsNothingWrongWhereNothingIs() {
    assertThat(examine())
        .extracting(Finding::subject)
        .containsExactly(
            "database",
            "server",
            "session",
            "binlog",
            "durability",
            "galera",
            "group replication",
            "packet",
            "clock",
            "round trip",
            "grants",
            "migrations",
            "tables",
            "keys",
            "password",
            "staging",
            "rollup",
            "locks",
            "counts");
    assertThat(examine()).noneMatch(finding -> finding.level() == Level.FAIL);
  }

  @Test
  void sendsAnEmptySchemaToMigrate() {
    var empty =
        new Doctor(
            DatabaseAddress.parse(TestDatabase.createEmpty(), null, null),
            Duration.ZERO,
            false,
            false);
    assertThat(empty.examine())
        .filteredOn(finding -> finding.level() == Level.FAIL)
        .filteredOn(finding -> finding.advice().equals("lastword migrate"))
        .extracting(Finding::subject)
        .containsExactly("migrations", "tables");
  }

  @Test
  void noticesRowsOfDaysThatItCannotCheck() throws Exception {
    assertThat(finding("counts").level()).isEqualTo(Level.OK);
    LogRow.search("k").at("2026-01-01 10:00:00").insert(url);
    assertThat(finding("counts").level()).isEqualTo(Level.FAIL);
    execute("UPDATE rollup_head SET log_since = '2026-02-01'");
    assertThat(finding("counts").level()).isEqualTo(Level.WARN);
    assertThat(finding("counts").seen())
        .contains("not checked: 1 days from 2026-01-01, which have rows although log_since");
  }

  @Test
  void missesAnIndex() throws Exception {
    execute("DROP INDEX by_user ON search_log");
    assertThat(finding("tables").level()).isEqualTo(Level.FAIL);
    assertThat(finding("tables").seen()).contains("search_log.by_user");
  }

  @Test
  void seesThatTheStagingTableHasAnIndexTooMany() throws Exception {
    execute("CREATE INDEX oldest ON search_staging (last_seen)");
    assertThat(finding("tables").level()).isEqualTo(Level.WARN);
  }

  @Test
  void findsRowsThatAreNotPromoted() throws Exception {
    stage("just now", 0);
    assertThat(finding("staging").level()).isEqualTo(Level.OK);
    assertThat(finding("staging").seen()).isEqualTo("1 staged, 0 of them aged");
    stage("long ago", 600);
    assertThat(finding("staging").level()).isEqualTo(Level.FAIL);
    assertThat(finding("staging").seen()).startsWith("2 staged, 1 of them aged");
  }

  @Test
  void keysShouldExpireUnlessTheyCanOnlyWrite() throws Exception {
    assertThat(finding("keys").level()).isEqualTo(Level.OK);
    assertThat(finding("keys").seen()).startsWith("none: everyone who can reach");
    assertThat(new Doctor(database, Duration.ZERO, true, false).examine())
        .filteredOn(finding -> finding.subject().equals("keys"))
        .extracting(Finding::level)
        .containsExactly(Level.WARN);
    key("revoked", "admin", "NULL", "UTC_TIMESTAMP(3)");
    assertThat(finding("keys").seen()).isEqualTo("none is accepted");
    key("page", "write", "NULL", "NULL");
    key("later", "read", "UTC_TIMESTAMP(3) + INTERVAL 15 DAY", "NULL");
    assertThat(finding("keys")).isEqualTo(Finding.ok("keys", "2 accepted"));
    key("endless", "read,write", "NULL", "NULL");
    assertThat(finding("keys").level()).isEqualTo(Level.WARN);
    assertThat(finding("keys").seen())
        .isEqualTo("3 accepted, 1 that can read or manage never expire");
    key("soon", "write", "UTC_TIMESTAMP(3) + INTERVAL 13 DAY", "NULL");
    assertThat(finding("keys").seen()).isEqualTo("4 accepted, 1 expire within 14 days");
  }

  @Test
  void aCertificateThatIsUselessOrSoonWillBeIsReported(@TempDir Path folder) throws Exception {
    for (var expected : Map.of(15, Level.OK, 13, Level.WARN, -1, Level.FAIL).entrySet()) {
      int days = expected.getKey();
      var pair = TestCertificate.create(folder, "in" + days, "EC", days);
      Finding finding = Doctor.certificate(pair.certificate(), pair.key());
      assertThat(finding.level()).as(finding.seen()).isEqualTo(expected.getValue());
      assertThat(finding.seen()).startsWith("expires on 20");
      assertThat(Doctor.certificate(pair.key(), pair.certificate()).level()).isEqualTo(Level.FAIL);
    }
  }

  private void key(String id, String scopes, String expiresAt, String revokedAt)
      throws SQLException {
    execute(
        """
        INSERT INTO api_key (id, tenant_id, secret_hash, scopes, label, created_at, expires_at, revoked_at)
        VALUES ('%s', 1, '', '%s', '', UTC_TIMESTAMP(3), %s, %s)
        """
            .formatted(id, scopes, expiresAt, revokedAt));
  }

  @Test
  void namesWhoHoldsALock() throws Exception {
    execute(
        """
        INSERT INTO shedlock (name, lock_until, locked_at, locked_by)
        VALUES ('promotion', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), 'node-7')
        """);
    assertThat(finding("locks").seen()).isEqualTo("promotion by node-7");
  }

  @Test
  void saysWhyItCannotEvenConnect() {
    var findings =
        new Doctor(
                new DatabaseAddress(database.url(), "nobody-here", "geheim"),
                Duration.ZERO,
                false,
                false)
            .examine();
    assertThat(findings).singleElement().extracting(Finding::level).isEqualTo(Level.FAIL);
    assertThat(findings.toString()).contains("nobody-here").doesNotContain("geheim");
  }

  private List<Finding> examine() {
    return new Doctor(database, Duration.ofSeconds(5), false, true).examine();
  }

  private Finding finding(String subject) {
    return examine().stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  private void stage(String session, int secondsAgo) throws SQLException {
    execute(
        """
        INSERT INTO search_staging
          (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length, last_seen)
        VALUES (0, 1, '%s', 'berlin', 'berlin', 6, 6, UTC_TIMESTAMP(3) - INTERVAL %d SECOND)
        """
            .formatted(session, secondsAgo));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
