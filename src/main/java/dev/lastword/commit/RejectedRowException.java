package dev.lastword.commit;

/** Thrown if the database refused one row; the other rows of the batch are committed. */
public final class RejectedRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RejectedRowException(Throwable cause) {
    super("the database cannot store it", cause);
  }
}
