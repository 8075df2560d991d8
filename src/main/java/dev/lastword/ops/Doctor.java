package dev.lastword.ops;

import static java.util.Map.entry;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.FirstConnection;
import dev.lastword.database.Migrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Looks a database over, changing nothing in it. */
public final class Doctor {

  /** How a finding is meant: a failure keeps Lastword from working as promised. */
  public enum Level {
    OK,
    WARN,
    FAIL
  }

  /**
   * One thing that was looked at.
   *
   * @param seen what it is like
   * @param advice what to do; empty where nothing is to be done
   */
  public record Finding(Level level, String subject, String seen, String advice) {}

  private interface Check {
    Finding look(Connection connection) throws SQLException;
  }

  private static final Map<String, Set<String>> INDEXES =
      Map.ofEntries(
          entry("search_staging", Set.of("PRIMARY")),
          entry("search_log", Set.of("PRIMARY", "newest", "by_keyword", "by_user", "by_session")),
          entry("daily_search", Set.of("PRIMARY")),
          entry("event_key", Set.of("PRIMARY", "by_age")),
          entry(
              "event_log",
              Set.of("PRIMARY", "newest", "by_topic", "by_source", "by_user", "by_session")),
          entry("daily_topic", Set.of("PRIMARY")),
          entry("daily_user", Set.of("PRIMARY")),
          entry("rejected_event", Set.of("PRIMARY")),
          entry("idempotency_key", Set.of("PRIMARY", "by_age")),
          entry("feed_outbox", Set.of("PRIMARY")),
          entry("feed", Set.of("PRIMARY", "once")),
          entry("feed_head", Set.of("PRIMARY")),
          entry("shedlock", Set.of("PRIMARY")));

  private static final List<String> RIGHTS =
      List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX", "DROP");

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);
  private static final Duration LAG_TOLERANCE = Duration.ofSeconds(30);
  private static final long PACKET = 16 << 20;

  private final DatabaseAddress database;
  private final Duration debounce;

  /**
   * @param debounce how long a session is left in peace after its last keystroke
   */
  public Doctor(DatabaseAddress database, Duration debounce) {
    this.database = database;
    this.debounce = debounce;
  }

  /** Every check, in the order in which one would mend what they find. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.connect()) {
      findings.add(ok("database", database.place() + " answers"));
      Map<String, Check> checks = new LinkedHashMap<>();
      checks.put("server", Doctor::server);
      checks.put("sql_mode", Doctor::sqlMode);
      checks.put("durability", Doctor::durability);
      checks.put("packet", Doctor::packet);
      checks.put("clock", Doctor::clock);
      checks.put("grants", Doctor::grants);
      checks.put("migrations", c -> migrations());
      checks.put("tables", Doctor::tables);
      checks.put("staging", this::staging);
      checks.put("locks", Doctor::locks);
      checks.forEach((subject, check) -> findings.add(look(connection, subject, check)));
    } catch (SQLException e) {
      findings.add(fail("database", FirstConnection.explain(database, e), ""));
    }
    return findings;
  }

  private static Finding look(Connection connection, String subject, Check check) {
    try {
      return check.look(connection);
    } catch (SQLException e) {
      return fail(subject, "cannot be looked at", String.valueOf(e.getMessage()));
    }
  }

  private static Finding server(Connection connection) throws SQLException {
    String version = text(connection, "SELECT VERSION()");
    boolean mariadb = version.toLowerCase(Locale.ROOT).contains("mariadb");
    Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(version);
    int number =
        numbers.matches()
            ? Integer.parseInt(numbers.group(1)) * 100 + Integer.parseInt(numbers.group(2))
            : 0;
    String seen = (mariadb ? "" : "MySQL ") + version;
    return number >= (mariadb ? 1006 : 800)
        ? ok("server", seen)
        : fail("server", seen, "MySQL 8.0 or MariaDB 10.6 is the oldest that has SKIP LOCKED");
  }

  private static Finding sqlMode(Connection connection) throws SQLException {
    String mode = text(connection, "SELECT @@SESSION.sql_mode");
    Set<String> modes = Set.of(mode.split(","));
    if (modes.contains("NO_BACKSLASH_ESCAPES") || modes.contains("ANSI_QUOTES")) {
      return warn("sql_mode", mode, "neither NO_BACKSLASH_ESCAPES nor ANSI_QUOTES is tested");
    }
    return mode.contains("STRICT_")
        ? ok("sql_mode", "strict")
        : warn("sql_mode", mode, "add STRICT_TRANS_TABLES, lest texts be cut in silence");
  }

  private static Finding durability(Connection connection) throws SQLException {
    String flush = text(connection, "SELECT @@innodb_flush_log_at_trx_commit");
    return flush.equals("1")
        ? ok("durability", "flushes at each commit")
        : warn(
            "durability",
            "innodb_flush_log_at_trx_commit = " + flush,
            "a crash of its machine may lose the last second; 1 loses nothing");
  }

  private static Finding packet(Connection connection) throws SQLException {
    long bytes = Long.parseLong(text(connection, "SELECT @@max_allowed_packet"));
    String seen = (bytes >> 20) + " MiB";
    return bytes >= PACKET
        ? ok("packet", seen)
        : warn("packet", seen, "set max_allowed_packet to 16M or more, for large batches");
  }

  private static Finding clock(Connection connection) throws SQLException {
    LocalDateTime there =
        query(connection, "SELECT UTC_TIMESTAMP(3)", row -> row.getObject(1, LocalDateTime.class))
            .get(0);
    Duration apart = Duration.between(there, LocalDateTime.now(ZoneOffset.UTC)).abs();
    String seen = "%d ms from this machine's".formatted(apart.toMillis());
    return apart.compareTo(CLOCK_TOLERANCE) < 0
        ? ok("clock", seen)
        : warn("clock", seen, "times of searches are the database's: let both follow NTP");
  }

  private static Finding grants(Connection connection) throws SQLException {
    String schema = connection.getCatalog();
    Set<String> missing = new TreeSet<>(RIGHTS);
    for (String grant :
        query(connection, "SHOW GRANTS FOR CURRENT_USER()", row -> row.getString(1))) {
      Matcher parts = Pattern.compile("GRANT (.+) ON (\\S+) TO .*").matcher(grant);
      if (parts.matches() && covers(parts.group(2).replace("`", ""), schema)) {
        Set<String> rights = Set.copyOf(Arrays.asList(parts.group(1).split(", ")));
        missing.removeIf(right -> rights.contains(right) || rights.contains("ALL PRIVILEGES"));
      }
    }
    return missing.isEmpty()
        ? ok("grants", "all that is needed on " + schema)
        : warn(
            "grants",
            "not seen: " + String.join(", ", missing),
            "GRANT them on %s.* unless a role does".formatted(schema));
  }

  /** The name in a grant is a pattern, in which a backslash makes a wildcard plain. */
  private static boolean covers(String granted, String schema) {
    String pattern = granted.replaceFirst("\\.\\*$", "").replace("\\", "");
    return pattern.equals("*") || pattern.equals(schema) || pattern.equals("%");
  }

  private Finding migrations() {
    try {
      Flyway flyway = Migrations.flyway(database);
      var validated = flyway.validateWithResult();
      int pending = flyway.info().pending().length;
      if (pending > 0) {
        return fail("migrations", pending + " to run", "lastword migrate");
      }
      return validated.validationSuccessful
          ? ok("migrations", "at version " + Migrations.version(database).orElse("(none)"))
          : fail("migrations", "not as they ran", validated.getAllErrorMessages());
    } catch (FlywayException e) {
      return fail("migrations", "cannot be looked at", String.valueOf(e.getMessage()).strip());
    }
  }

  private static Finding tables(Connection connection) throws SQLException {
    Map<String, Set<String>> there = new TreeMap<>();
    query(
        connection,
        """
        SELECT DISTINCT table_name, index_name FROM information_schema.statistics
        WHERE table_schema = DATABASE()
        """,
        row ->
            there
                .computeIfAbsent(row.getString(1), table -> new TreeSet<>())
                .add(row.getString(2)));
    Set<String> missing = new TreeSet<>();
    INDEXES.forEach(
        (table, indexes) -> {
          Set<String> found = there.getOrDefault(table, Set.of());
          indexes.stream()
              .filter(index -> !found.contains(index))
              .forEach(index -> missing.add(table + "." + index));
        });
    if (!missing.isEmpty()) {
      return fail("tables", "missing " + String.join(", ", missing), "lastword migrate");
    }
    return Set.of("PRIMARY").equals(there.get("search_staging"))
        ? ok("tables", "all there, with their indexes")
        : warn(
            "tables",
            "search_staging has indexes of its own",
            "they cost a third of the rate, and a second unique one makes upserts meet wrong rows");
  }

  private Finding staging(Connection connection) throws SQLException {
    return query(
            connection,
            """
            SELECT COUNT(*),
                   COALESCE(SUM(refused IS NULL AND last_seen < UTC_TIMESTAMP(3) - INTERVAL %1$d MICROSECOND), 0),
                   COALESCE(TIMESTAMPDIFF(SECOND, MIN(IF(refused IS NULL, last_seen, NULL)), UTC_TIMESTAMP(3)), 0),
                   COUNT(refused)
            FROM search_staging
            WHERE bucket < 64
            """
                .formatted(debounce.toNanos() / 1000),
            this::staging)
        .get(0);
  }

  private Finding staging(ResultSet row) throws SQLException {
    Duration lag = Duration.ofSeconds(row.getLong(3)).minus(debounce);
    String seen = "%d staged, %d of them aged".formatted(row.getLong(1), row.getLong(2));
    if (lag.compareTo(LAG_TOLERANCE) >= 0) {
      return fail(
          "staging",
          "%s, the oldest for %d s".formatted(seen, lag.toSeconds()),
          "no node promotes: does one run with LASTWORD_PROMOTION_ENABLED, and what does it log?");
    }
    return row.getLong(4) == 0
        ? ok("staging", seen)
        : warn(
            "staging",
            "%s; %d cannot be logged".formatted(seen, row.getLong(4)),
            "see sql/inspect/refused.sql; mend the cause, then set their column refused to NULL");
  }

  private static Finding locks(Connection connection) throws SQLException {
    List<String> held =
        query(
            connection,
            "SELECT name, locked_by FROM shedlock WHERE lock_until > UTC_TIMESTAMP(3) ORDER BY name",
            row -> row.getString(1) + " by " + row.getString(2));
    return ok("locks", held.isEmpty() ? "none held now" : String.join(", ", held));
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static <T> List<T> query(Connection connection, String sql, Row<T> row)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    return query(connection, sql, row -> row.getString(1)).get(0);
  }

  private static Finding ok(String subject, String seen) {
    return new Finding(Level.OK, subject, seen, "");
  }

  private static Finding warn(String subject, String seen, String advice) {
    return new Finding(Level.WARN, subject, seen, advice);
  }

  private static Finding fail(String subject, String seen, String advice) {
    return new Finding(Level.FAIL, subject, seen, advice);
  }
}
