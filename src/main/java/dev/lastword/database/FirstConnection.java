package dev.lastword.database;

import java.sql.Connection;
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
      try (Connection connection = database.connect()) {
        check(database, connection);
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

  /** Fails for what would otherwise be a stack trace in the first migration, or lose rows. */
  private static void check(DatabaseAddress database, Connection connection) throws SQLException {
    if (logsStatements(connection)) {
      throw new DatabaseFailure(
          "The server at %s has binlog_format = STATEMENT, which excludes READ COMMITTED. Set binlog_format to ROW (or MIXED)."
              .formatted(database.hostAndSchema()));
    }
    if (!text(connection, "SELECT @@SESSION.autocommit").equals("1")) {
      throw new DatabaseFailure(
          "What is between Lastword and the database at %s does not pass on SET autocommit = 1. Connect to the database itself."
              .formatted(database.hostAndSchema()));
    }
  }

  /** Returns whether there is a binary log that has statements instead of rows. */
  public static boolean logsStatements(Connection connection) throws SQLException {
    return text(connection, "SELECT @@log_bin AND @@SESSION.binlog_format = 'STATEMENT'")
        .equals("1");
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Explains an error, and what to do, in a sentence without the password. */
  public static String explain(DatabaseAddress database, SQLException e) {
    if (DatabaseError.isSecureTransportRequired(e)) {
      return "The database at %s requires TLS. Add sslMode=REQUIRED to the URL (or VERIFY_IDENTITY, with its certificate)."
          .formatted(database.hostAndSchema());
    }
    if (isKeyRequired(e)) {
      return "The database at %s takes the password of user %s over TLS only. Add sslMode=REQUIRED to the URL or, in a network that you trust, allowPublicKeyRetrieval=true."
          .formatted(
              database.hostAndSchema(), database.user() == null ? "(none)" : database.user());
    }
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
        && !DatabaseError.isSecureTransportRequired(e)
        && !isKeyRequired(e)
        && !(root instanceof DateTimeException || root instanceof IllegalArgumentException);
  }

  /**
   * Returns whether the driver would have to encrypt the password with a key that it must not ask
   * for.
   */
  private static boolean isKeyRequired(SQLException e) {
    return String.valueOf(root(e).getMessage()).startsWith("Public Key Retrieval is not allowed");
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
