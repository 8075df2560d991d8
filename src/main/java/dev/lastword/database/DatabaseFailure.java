package dev.lastword.database;

/** Thrown if the database cannot be used. The message tells the operator all there is to know. */
public final class DatabaseFailure extends RuntimeException {

  public DatabaseFailure(String message) {
    super(message);
  }

  public DatabaseFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
