package dev.lastword.database;

import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Classifies errors of the database.
 *
 * <p>The numbers are from the error references of MySQL and MariaDB. They decide if the SQL state
 * is too general.
 */
public enum DatabaseError {
  /** Another transaction was in the way. The same rows will go through when retried. */
  CONFLICT,
  /** A row cannot be stored as it is, however often it is retried. */
  DATA,
  /** The database is unreachable, full, read-only or overloaded. It may recover. */
  UNAVAILABLE,
  /** None of these, such as a wrong statement, a missing privilege, or no SQL error at all. */
  OTHER;

  /**
   * Deadlock, lock wait time-out, a row that changed since the snapshot (MariaDB), NOWAIT, a lock
   * given up for DDL.
   */
  private static final Set<Integer> CONFLICTS = Set.of(1213, 1205, 1020, 3572, 1689);

  /**
   * A value that does not fit its column (1264, 1265, 1366), a missing one (1364), text that is not
   * JSON (3140, 3141), a CHECK (3819, 4025), no partition for the row (1526), a trigger's SIGNAL
   * (1644), a row or packet that is too large (1118, 1153, 1301).
   */
  private static final Set<Integer> VALUES =
      Set.of(1264, 1265, 1366, 1364, 3140, 3141, 3819, 4025, 1526, 1644, 1118, 1153, 1301);

  /** The server is read-only, or a failover is in progress. */
  private static final Set<Integer> READ_ONLY = Set.of(1290, 1836, 1792);

  /**
   * Disk or table space full (1021, 1114, 1026, 1030), out of memory, threads or connections (1037,
   * 1041, 1135, 1203, 1226), shutting down (1053), a statement or session ended by the server
   * (1317, 1927, 1969, 3024, 3169, 4031).
   */
  private static final Set<Integer> OUTAGES =
      Set.of(
          1021, 1114, 1026, 1030, 1037, 1041, 1135, 1203, 1226, 1053, 1317, 1927, 1969, 3024, 3169,
          4031);

  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int DUPLICATE_KEY = 1062;
  private static final int OUT_OF_RANGE = 1264;
  private static final int UNKNOWN_DATABASE = 1049;
  private static final int SECURE_TRANSPORT_REQUIRED = 3159;
  private static final String ACCESS_DENIED = "28000";

  /** Classifies the first SQL error in the chain of causes; without one it is {@link #OTHER}. */
  public static DatabaseError of(Throwable error) {
    return causes(error).map(DatabaseError::of).findFirst().orElse(OTHER);
  }

  /** Returns whether the statement gave up waiting for a lock that another transaction holds. */
  public static boolean isLockWaitTimeout(Throwable error) {
    return causes(error).anyMatch(e -> e.getErrorCode() == LOCK_WAIT_TIMEOUT);
  }

  /** Returns whether a unique key refused the row. */
  public static boolean isDuplicateKey(Throwable error) {
    return causes(error).anyMatch(e -> e.getErrorCode() == DUPLICATE_KEY);
  }

  /** Returns whether a number does not fit its column. */
  public static boolean isOutOfRange(Throwable error) {
    return causes(error).anyMatch(e -> e.getErrorCode() == OUT_OF_RANGE);
  }

  /** Returns whether the server refuses writes, so that its connections are useless. */
  public static boolean isReadOnly(SQLException error) {
    return READ_ONLY.contains(error.getErrorCode());
  }

  /** Returns whether the database in the URL does not exist. */
  static boolean isUnknownDatabase(SQLException error) {
    return error.getErrorCode() == UNKNOWN_DATABASE;
  }

  /** Returns whether the server refuses connections without TLS. */
  static boolean isSecureTransportRequired(SQLException error) {
    return error.getErrorCode() == SECURE_TRANSPORT_REQUIRED;
  }

  /** Returns whether the server refuses user and password. */
  static boolean isAccessDenied(SQLException error) {
    return ACCESS_DENIED.equals(error.getSQLState());
  }

  /** Returns number and SQL state of the first SQL error. They contain no values. */
  public static String code(Throwable error) {
    return causes(error)
        .map(e -> "error %d (SQLSTATE %s)".formatted(e.getErrorCode(), e.getSQLState()))
        .findFirst()
        .orElse(error.getClass().getSimpleName());
  }

  /**
   * Returns the first line of the driver's message. For the log only, because it may contain
   * values.
   */
  public static String reason(Throwable error) {
    return causes(error)
        .map(Throwable::toString)
        .flatMap(String::lines)
        .findFirst()
        .orElse(error.toString());
  }

  private static DatabaseError of(SQLException error) {
    int code = error.getErrorCode();
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (CONFLICTS.contains(code) || state.startsWith("40")) {
      return CONFLICT;
    }
    if (error instanceof PacketTooBigException
        || VALUES.contains(code)
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("44")
        || state.startsWith("45")) {
      return DATA;
    }
    if (READ_ONLY.contains(code)
        || OUTAGES.contains(code)
        || state.startsWith("08")
        || error instanceof SQLTransientException
        || error instanceof SQLRecoverableException) {
      return UNAVAILABLE;
    }
    return OTHER;
  }

  private static Stream<SQLException> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause)
        .limit(20)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast);
  }
}
