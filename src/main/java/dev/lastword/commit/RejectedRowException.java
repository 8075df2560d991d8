package dev.lastword.commit;

/** The database refused this one row; the rows that came with it are committed. */
public final class RejectedRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RejectedRowException(Throwable cause) {
    super("the database cannot store it", cause);
  }
}
