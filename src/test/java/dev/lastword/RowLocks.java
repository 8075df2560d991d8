package dev.lastword;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Locks of rows in one schema, as the server shows them.
 *
 * <p>{@code information_schema.innodb_trx} is not used on MySQL: it fails while any statement on
 * the server has a character of four bytes.
 */
public final class RowLocks {

  /** Longer than MariaDB caches its views of locks (0.1 s). */
  public static final Duration CACHED = Duration.ofMillis(150);

  private RowLocks() {}

  /** Returns the id of a transaction that waits for a row of {@code table}; 0 if none does. */
  public static long waiting(String url, String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      String sql =
          isMariaDb(connection)
              ? """
              SELECT MIN(w.requesting_trx_id) FROM information_schema.innodb_lock_waits AS w
              JOIN information_schema.innodb_locks AS l ON l.lock_id = w.requested_lock_id
              WHERE l.lock_table LIKE CONCAT('`', DATABASE(), '`.`%s`%%')
              """
              : """
              SELECT MIN(engine_transaction_id) FROM performance_schema.data_locks
              WHERE object_schema = DATABASE() AND object_name = '%s' AND lock_status = 'WAITING'
              """;
      return TestDatabase.number(connection, sql.formatted(table));
    }
  }

  /** Returns whether a transaction that has locked rows has not ended. */
  public static boolean isOpen(String url, long transaction) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      String sql =
          isMariaDb(connection)
              ? "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_id = "
              : "SELECT COUNT(*) FROM performance_schema.data_locks WHERE engine_transaction_id = ";
      return TestDatabase.number(connection, sql + transaction) > 0;
    }
  }

  private static boolean isMariaDb(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
  }
}
