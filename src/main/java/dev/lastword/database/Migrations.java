package dev.lastword.database;

import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migrates the tables to the version of this program, on a connection without socket timeout. */
public final class Migrations {

  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  private Migrations() {}

  /**
   * Runs the pending migrations. Nodes that start at once take turns.
   *
   * @throws DatabaseFailure if a migration fails, one that ran has been changed, or the tables are
   *     those of a newer program
   */
  public static MigrateResult run(DatabaseAddress database) {
    try {
      Flyway flyway = flyway(database);
      MigrationInfoService history = flyway.info();
      newer(history)
          .ifPresent(
              sentence -> {
                throw new DatabaseFailure(
                    "%s: %s Start that one, or restore the database as it was before the upgrade."
                        .formatted(database.hostAndSchema(), sentence));
              });
      if (FailedInstallation.failed(history).isPresent()) {
        FailedInstallation.clear(database, flyway);
      }
      MigrateResult result = flyway.migrate();
      result.migrations.forEach(
          step -> LOG.info("Migrated to version {}: {}", step.version, step.description));
      return result;
    } catch (FlywayException e) {
      throw new DatabaseFailure(
          "The tables of %s cannot be migrated: %s"
              .formatted(database.hostAndSchema(), String.valueOf(e.getMessage()).strip()),
          e);
    }
  }

  /** Returns a sentence if the tables are those of a newer program. */
  public static Optional<String> newer(MigrationInfoService history) {
    return version(history)
        .map(Integer::valueOf)
        .filter(version -> version > SchemaVersion.KNOWN)
        .map(SchemaVersion::newer);
  }

  /** Returns the version of the tables; empty before the first migration. */
  public static Optional<String> version(DatabaseAddress database) {
    return version(flyway(database).info());
  }

  /** Returns the version of the tables; empty before the first migration. */
  public static Optional<String> version(MigrationInfoService history) {
    return Optional.ofNullable(history.current())
        .map(MigrationInfo::getVersion)
        .map(Object::toString);
  }

  public static Flyway flyway(DatabaseAddress database) {
    return Flyway.configure()
        .dataSource(database.withoutSocketTimeout().url(), database.user(), database.password())
        .initSql(SessionSettings.TRANSACTIONS)
        .load();
  }
}
