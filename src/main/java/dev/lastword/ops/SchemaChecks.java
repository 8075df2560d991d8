package dev.lastword.ops;

import static dev.lastword.ops.Finding.fail;
import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;
import static java.util.Map.entry;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;

/** Checks the schema, its migrations, and the rights on it. */
final class SchemaChecks {
  private static final Map<String, Set<String>> INDEXES =
      Map.ofEntries(
          entry("search_staging", Set.of("PRIMARY")),
          entry("search_log", Set.of("PRIMARY", "newest", "by_keyword", "by_user", "by_session")),
          entry("daily_search", Set.of("PRIMARY", "by_magnitude")),
          entry("daily_session", Set.of("PRIMARY")),
          entry("event_key", Set.of("PRIMARY", "by_age")),
          entry(
              "event_log",
              Set.of("PRIMARY", "newest", "by_topic", "by_source", "by_user", "by_session")),
          entry("daily_event", Set.of("PRIMARY")),
          entry("daily_topic", Set.of("PRIMARY")),
          entry("hourly_search", Set.of("PRIMARY")),
          entry("user_number", Set.of("PRIMARY", "by_user")),
          entry("active_user", Set.of("PRIMARY", "by_day")),
          entry("rollup_head", Set.of("PRIMARY")),
          entry("rejected_event", Set.of("PRIMARY")),
          entry("idempotency_key", Set.of("PRIMARY", "by_age")),
          entry("tenant", Set.of("PRIMARY", "by_name")),
          entry("api_key", Set.of("PRIMARY", "by_tenant")),
          entry("admin_audit", Set.of("PRIMARY", "by_tenant")),
          entry("erasure", Set.of("PRIMARY", "by_tenant", "by_end")),
          entry("browser_session", Set.of("PRIMARY", "by_key", "by_end")),
          entry("token_key", Set.of("PRIMARY", "by_id")),
          entry("feed_outbox", Set.of("PRIMARY")),
          entry("feed", Set.of("PRIMARY", "once")),
          entry("feed_head", Set.of("PRIMARY")),
          entry("shedlock", Set.of("PRIMARY")));

  private static final List<String> RIGHTS =
      List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX", "DROP");

  private SchemaChecks() {}

  static Finding grants(Connection connection) throws SQLException {
    String schema = connection.getCatalog();
    Set<String> missing = new TreeSet<>(RIGHTS);
    for (String grant :
        Check.query(connection, "SHOW GRANTS FOR CURRENT_USER()", row -> row.getString(1))) {
      Matcher parts = Pattern.compile("GRANT (.+) ON (\\S+) TO .*").matcher(grant);
      if (parts.matches() && covers(parts.group(2).replace("`", ""), schema)) {
        Set<String> rights = Set.copyOf(Arrays.asList(parts.group(1).split(", ")));
        missing.removeIf(right -> rights.contains(right) || rights.contains("ALL PRIVILEGES"));
      }
    }
    return missing.isEmpty()
        ? ok("grants", "all required on " + schema)
        : warn(
            "grants",
            "not seen: " + String.join(", ", missing),
            "GRANT them on %s.*, unless a role has them".formatted(schema));
  }

  /**
   * Returns whether a grant covers the schema. Its name is a pattern, in which a backslash escapes
   * a wildcard.
   */
  private static boolean covers(String granted, String schema) {
    String pattern = granted.replaceFirst("\\.\\*$", "").replace("\\", "");
    return pattern.equals("*") || pattern.equals(schema) || pattern.equals("%");
  }

  static Finding migrations(DatabaseAddress database) {
    try {
      Flyway flyway = Migrations.flyway(database);
      MigrationInfoService history = flyway.info();
      Optional<String> newer = Migrations.newer(history);
      if (newer.isPresent()) {
        return fail("migrations", newer.get(), "use the newer program");
      }
      var validated = flyway.validateWithResult();
      int pending = history.pending().length;
      if (pending > 0) {
        return fail("migrations", pending + " pending", "lastword migrate");
      }
      return validated.validationSuccessful
          ? ok("migrations", "at version " + Migrations.version(history).orElse("(none)"))
          : fail("migrations", "changed since they ran", validated.getAllErrorMessages());
    } catch (FlywayException e) {
      return fail("migrations", "cannot be checked", String.valueOf(e.getMessage()).strip());
    }
  }

  static Finding tables(Connection connection) throws SQLException {
    Map<String, Set<String>> there = new TreeMap<>();
    Check.query(
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
        ? ok("tables", "complete, with their indexes")
        : warn(
            "tables",
            "search_staging has additional indexes",
            "they cost a third of the rate, and a second unique one makes upserts change wrong rows");
  }
}
