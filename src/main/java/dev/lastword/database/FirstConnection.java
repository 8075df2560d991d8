package dev.lastword.database;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the first connection to a database, which may start later than this process. Fails at
 * once if waiting will not help.
 */
public final class FirstConnection {

  private static final Logger LOG = LoggerFactory.getLogger(FirstConnection.class);

  private FirstConnection() {}

  /**
   * Returns when a connection was opened.
   *
   * @throws DatabaseFailure if the server refuses it
   */
  public static void await(DatabaseAddress database) {
    long loggedAt = 0;
    while (true) {
      try {
        database.connect().close();
        return;
      } catch (SQLException e) {
        if (!isUnavailable(e)) {
          throw new DatabaseFailure(explain(database, e), e);
        }
        if (loggedAt == 0 || System.nanoTime() - loggedAt > TimeUnit.SECONDS.toNanos(10)) {
          loggedAt = System.nanoTime();
          LOG.warn("Waiting: {}", explain(database, e));
        }
      }
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseFailure("Interrupted while waiting for the database.", e);
      }
    }
  }

  /** Explains an error, and what to do, in a sentence without the password. */
  public static String explain(DatabaseAddress database, SQLException e) {
    if (isUnavailable(e)) {
      return "The database at %s cannot be reached: %s"
          .formatted(
              database.hostAndSchema(),
              String.valueOf(root(e).getMessage()).lines().findFirst().orElse(""));
    }
    if (DatabaseError.isUnknownDatabase(e)) {
      return "The server has no database %s. Create it with CREATE DATABASE and grant it to the user."
          .formatted(database.hostAndSchema());
    }
    if (DatabaseError.isAccessDenied(e)) {
      return "The database at %s refuses user %s. Check LASTWORD_DB_USER and LASTWORD_DB_PASSWORD."
          .formatted(
              database.hostAndSchema(), database.user() == null ? "(none)" : database.user());
    }
    return "The database at %s refuses: %s"
        .formatted(database.hostAndSchema(), root(e).getMessage());
  }

  private static boolean isUnavailable(SQLException e) {
    // The driver reports an option that it cannot use as a failed connection.
    Throwable root = root(e);
    return DatabaseError.of(e) == DatabaseError.UNAVAILABLE
        && !(root instanceof DateTimeException || root instanceof IllegalArgumentException);
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
