package dev.lastword.ops;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.FirstConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks a database, and changes nothing in it. */
public final class Doctor {

  private final DatabaseAddress database;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /**
   * @param debounce pause after which a row of staging is due for promotion
   * @param open whether nodes listen to others although there are no keys
   * @param counts whether to recompute all counts from the logs, which reads all rows
   */
  public Doctor(DatabaseAddress database, Duration debounce, boolean open, boolean counts) {
    this.database = database;
    checks.put("server", ServerChecks::server);
    checks.put("session", ServerChecks::session);
    checks.put("binlog", ServerChecks::binaryLog);
    checks.put("durability", ServerChecks::durability);
    checks.put("galera", ServerChecks::galera);
    checks.put("group replication", ServerChecks::groupReplication);
    checks.put("packet", ServerChecks::packet);
    checks.put("clock", ServerChecks::clock);
    checks.put("round trip", ServerChecks::roundTrip);
    checks.put("grants", SchemaChecks::grants);
    checks.put("migrations", connection -> SchemaChecks.migrations(database));
    checks.put("tables", SchemaChecks::tables);
    checks.put("keys", connection -> AccessChecks.keys(connection, open));
    checks.put("password", connection -> AccessChecks.password(database));
    checks.put("staging", connection -> JobChecks.staging(connection, debounce));
    checks.put("rollup", JobChecks::rollup);
    checks.put("locks", JobChecks::locks);
    if (counts) {
      checks.put("counts", CountChecks::counts);
    }
  }

  /**
   * @return the findings, in the order in which to fix them
   */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.connect()) {
      findings.add(Finding.ok("database", database.hostAndSchema() + " answers"));
      checks.forEach((subject, check) -> findings.add(run(connection, subject, check)));
    } catch (SQLException e) {
      findings.add(Finding.fail("database", FirstConnection.explain(database, e), ""));
    }
    return findings;
  }

  /** Checks the certificate of a node and its key. */
  public static Finding certificate(Path certificate, Path key) {
    return AccessChecks.certificate(certificate, key);
  }

  private static Finding run(Connection connection, String subject, Check check) {
    try {
      return check.run(connection);
    } catch (SQLException e) {
      return Finding.fail(subject, "cannot be checked", String.valueOf(e.getMessage()));
    }
  }
}
