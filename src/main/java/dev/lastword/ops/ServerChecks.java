package dev.lastword.ops;

import static dev.lastword.ops.Finding.fail;
import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;

import dev.lastword.database.FirstConnection;
import dev.lastword.database.RoundTrip;
import dev.lastword.database.SessionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks the database server and its settings. */
final class ServerChecks {
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);
  private static final long MIN_PACKET = 16 << 20;
  private static final Duration FAR = Duration.ofMillis(20);

  private ServerChecks() {}

  static Finding server(Connection connection) throws SQLException {
    String version = Check.text(connection, "SELECT VERSION()");
    boolean mariadb = version.toLowerCase(Locale.ROOT).contains("mariadb");
    Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(version);
    int number =
        numbers.matches()
            ? Integer.parseInt(numbers.group(1)) * 100 + Integer.parseInt(numbers.group(2))
            : 0;
    String seen = (mariadb ? "" : "MySQL ") + version;
    return number >= (mariadb ? 1006 : 800)
        ? ok("server", seen)
        : fail("server", seen, "SKIP LOCKED requires MySQL 8.0 or MariaDB 10.6");
  }

  /** Shows what connections would have if they did not set it themselves. */
  static Finding session(Connection connection) throws SQLException {
    var others = SessionSettings.differingDefaults(connection);
    String seen =
        others.entrySet().stream()
            .map(variable -> variable.getKey() + " = " + variable.getValue())
            .collect(Collectors.joining("; "));
    return ok(
        "session",
        "set by each connection" + (others.isEmpty() ? "" : ", instead of the server's " + seen));
  }

  static Finding binaryLog(Connection connection) throws SQLException {
    return FirstConnection.logsStatements(connection)
        ? fail(
            "binlog", "binlog_format = STATEMENT", "set binlog_format to ROW, its default in MySQL")
        : ok("binlog", "not of statements");
  }

  static Finding durability(Connection connection) throws SQLException {
    String flush = Check.text(connection, "SELECT @@innodb_flush_log_at_trx_commit");
    if (!flush.equals("1")) {
      return warn(
          "durability",
          "innodb_flush_log_at_trx_commit = " + flush,
          "a crash of the machine may lose the last second; 1 loses nothing");
    }
    boolean binlog = Check.text(connection, "SELECT @@log_bin").equals("1");
    String sync = Check.text(connection, "SELECT @@sync_binlog");
    // After a crash, transactions that are not in the binary log are rolled back.
    return binlog && !sync.equals("1")
        ? warn(
            "durability",
            "sync_binlog = " + sync,
            "a crash of the machine may lose the last transactions; 1 loses nothing")
        : ok("durability", "flushes with each commit");
  }

  static Finding galera(Connection connection) throws SQLException {
    boolean on =
        Check.query(
                connection, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'", row -> row.getString("Value"))
            .contains("ON");
    return on
        ? warn(
            "galera",
            "on",
            "locks do not reach other servers, so the promises hold only if all nodes use one server")
        : ok("galera", "off");
  }

  static Finding groupReplication(Connection connection) throws SQLException {
    Map<String, String> modes = new HashMap<>();
    Check.query(
        connection,
        "SHOW GLOBAL VARIABLES LIKE 'group_replication_%'",
        row -> modes.put(row.getString(1), row.getString("Value")));
    if (modes.getOrDefault("group_replication_group_name", "").isEmpty()) {
      return ok("group replication", "off");
    }
    return "ON".equals(modes.get("group_replication_single_primary_mode"))
        ? ok("group replication", "with a single primary")
        : warn(
            "group replication",
            "with several primaries",
            "locks do not reach other servers, so the promises hold only with a single primary: group_replication_switch_to_single_primary_mode()");
  }

  static Finding packet(Connection connection) throws SQLException {
    long bytes = Long.parseLong(Check.text(connection, "SELECT @@max_allowed_packet"));
    String seen = (bytes >> 20) + " MiB";
    return bytes >= MIN_PACKET
        ? ok("packet", seen)
        : warn("packet", seen, "set max_allowed_packet to 16M or more, for large batches");
  }

  static Finding clock(Connection connection) throws SQLException {
    LocalDateTime there =
        Check.query(
                connection, "SELECT UTC_TIMESTAMP(3)", row -> row.getObject(1, LocalDateTime.class))
            .get(0);
    Duration apart = Duration.between(there, LocalDateTime.now(ZoneOffset.UTC)).abs();
    String seen = "%d ms from this machine's".formatted(apart.toMillis());
    return apart.compareTo(CLOCK_TOLERANCE) < 0
        ? ok("clock", seen)
        : warn(
            "clock", seen, "searches have the database's time; synchronise both clocks with NTP");
  }

  static Finding roundTrip(Connection connection) throws SQLException {
    Duration shortest = RoundTrip.of(connection);
    String seen = String.format(Locale.ROOT, "%.1f ms", shortest.toNanos() / 1e6);
    return shortest.compareTo(FAR) < 0
        ? ok("round trip", seen)
        : warn(
            "round trip",
            seen,
            "a commit of keystrokes takes one, of events nine: run nodes near the database, or raise LASTWORD_MAX_WAIT");
  }
}
