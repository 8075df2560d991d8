package dev.lastword.commit;

import java.sql.SQLException;
import java.util.Set;

/** What an error of the database means for the rows that were being written. */
public enum Failure {
  /** Another transaction was in the way. The same rows will go through when tried again. */
  CONFLICT,
  /** A row cannot be stored as it is, however often it is tried. */
  DATA,
  /** Neither: the database is away, full, read-only or not set up. It may come back. */
  AWAY;

  // Deadlock, lock wait time-out, and a row that a concurrent change made MariaDB refuse
  // (innodb_snapshot_isolation).
  private static final Set<Integer> CONFLICTS = Set.of(1213, 1205, 1020);
  // Errors about a value that carry the general SQL state: not a string of the column's character
  // set, not JSON.
  private static final Set<Integer> VALUES = Set.of(1366, 3140, 3141, 4025);

  /**
   * Reads the meaning off the first SQL error in the chain of causes; without one it is {@link
   * #AWAY}.
   */
  public static Failure of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return of(sql);
      }
    }
    return DATA;
  }

  private static Failure of(SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (CONFLICTS.contains(error.getErrorCode()) || state.startsWith("40")) {
      return CONFLICT;
    }
    if (VALUES.contains(error.getErrorCode()) || state.startsWith("22") || state.startsWith("23")) {
      return DATA;
    }
    return AWAY;
  }
}
