package dev.lastword.database;

/** The database cannot be used, for a reason that the message tells the operator in full. */
public final class DatabaseFailure extends RuntimeException {

  public DatabaseFailure(String message) {
    super(message);
  }

  public DatabaseFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
