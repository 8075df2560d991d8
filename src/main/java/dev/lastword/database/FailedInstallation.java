package dev.lastword.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a migration that failed has left in a schema without data, so that the installation
 * can be repeated: statements that create tables cannot be rolled back. Where there is data, that
 * is for the operator to decide. The tables are ours: Flyway begins in an empty schema only.
 */
final class FailedInstallation {
  private static final Logger LOG = LoggerFactory.getLogger(FailedInstallation.class);

  private static final Pattern CREATED = Pattern.compile("CREATE TABLE (\\w+)");
  private static final int PATIENCE = 300; // s, for another node that does the same

  /** What has rows as soon as someone has used the service. */
  private static final List<String> DATA =
      List.of(
          "search_staging",
          "search_log",
          "event_log",
          "rejected_event",
          "api_key",
          "tenant WHERE id > 1");

  private FailedInstallation() {}

  /** Returns the migration that has failed. */
  static Optional<MigrationInfo> failed(MigrationInfoService history) {
    return Arrays.stream(history.all())
        .filter(migration -> migration.getState().isFailed())
        .findFirst();
  }

  /**
   * Removes what a failed migration has left, unless another node has done so.
   *
   * @throws DatabaseFailure if a migration has failed and there is data
   */
  static void clear(DatabaseAddress database, Flyway flyway) {
    try (Connection connection = database.withoutSocketTimeout().connect();
        var statement = connection.createStatement()) {
      String lock = "LEFT(CONCAT('lastword installation of ', DATABASE()), 64)";
      statement.execute("SELECT GET_LOCK(%s, %d)".formatted(lock, PATIENCE));
      MigrationInfoService history = flyway.info();
      Optional<MigrationInfo> failure = failed(history);
      if (failure.isPresent()) {
        clear(database, failure.get(), statement, tables(history));
      }
    } catch (SQLException e) {
      throw new DatabaseFailure(
          "What a failed migration left in %s cannot be removed: %s"
              .formatted(database.hostAndSchema(), e.getMessage()),
          e);
    }
  }

  private static void clear(
      DatabaseAddress database, MigrationInfo failure, Statement statement, List<String> tables)
      throws SQLException {
    for (String rows : DATA) {
      String table = rows.split(" ")[0];
      if (hasRow(statement, "information_schema.tables " + named(table))
          && hasRow(statement, rows)) {
        throw new DatabaseFailure(
            "Migration %s of %s has failed, and %s has rows. Restore the database as it was before the upgrade, correct the error that the log reports, and start again."
                .formatted(failure.getVersion(), database.hostAndSchema(), table));
      }
    }
    LOG.warn(
        "Migration {} of {} has failed before. There is no data, so its tables are made anew.",
        failure.getVersion(),
        database.hostAndSchema());
    for (String table : tables) {
      statement.execute("DROP TABLE IF EXISTS " + table);
    }
    // Last: until then, other nodes see that a migration has failed, and wait.
    statement.execute("DELETE FROM flyway_schema_history");
  }

  private static String named(String table) {
    return "WHERE table_schema = DATABASE() AND table_name = '%s'".formatted(table);
  }

  private static boolean hasRow(Statement statement, String from) throws SQLException {
    try (var rows = statement.executeQuery("SELECT 1 FROM " + from + " LIMIT 1")) {
      return rows.next();
    }
  }

  /** Returns all tables that the migrations create. */
  private static List<String> tables(MigrationInfoService history) {
    return Arrays.stream(history.all())
        .map(MigrationInfo::getScript)
        .flatMap(script -> CREATED.matcher(text(script)).results())
        .map((MatchResult created) -> created.group(1))
        .distinct()
        .toList();
  }

  private static String text(String script) {
    try (InputStream in = FailedInstallation.class.getResourceAsStream("/db/migration/" + script)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
