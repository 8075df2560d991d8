package dev.lastword.database;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Duration;

/**
 * Notices that a newer program has migrated the tables while this one runs. Jobs that write to the
 * log and its counts stop then, because columns may mean other things.
 */
@Singleton
public class SchemaVersion {
  /** The version of the tables that this program knows: that of its last migration. */
  static final int KNOWN = 7;

  private static final String NEWEST =
      """
      SELECT CAST(version AS SIGNED) FROM flyway_schema_history
      WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1
      """;
  private static final Duration CHECKED_FOR = Duration.ofSeconds(5);

  private final JdbcOperations jdbc;
  private volatile long validUntil = System.nanoTime();

  SchemaVersion(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Reads the version, unless it has done so within five seconds.
   *
   * @throws DatabaseFailure if the tables are newer
   */
  @Connectable
  public void requireKnown() {
    long now = System.nanoTime();
    if (now - validUntil < 0) {
      return;
    }
    int version =
        jdbc.prepareStatement(
            NEWEST,
            statement -> {
              ResultSet row = statement.executeQuery();
              return row.next() ? row.getInt(1) : 0;
            });
    if (version > KNOWN) {
      throw new DatabaseFailure(newer(version));
    }
    validUntil = now + CHECKED_FOR.toNanos();
  }

  static String newer(int version) {
    return "The tables are at version %d, of a newer program; this one knows version %d."
        .formatted(version, KNOWN);
  }
}
