package dev.lastword.ops;

/** The database cannot be used, for a reason that the message tells the operator in full. */
public final class DatabaseFailure extends RuntimeException {

  DatabaseFailure(String message) {
    super(message);
  }

  DatabaseFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
