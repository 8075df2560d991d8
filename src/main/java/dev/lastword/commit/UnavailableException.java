package dev.lastword.commit;

/**
 * The row was not confirmed: the queue is full, the node stops, or the database did not answer in
 * time. The sender should try again after a moment. In the last case the row may have been
 * committed all the same.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message) {
    // Thrown by the thousand when there is too much to do: a stack trace would be the larger part
    // of the work.
    super(message, null, false, false);
  }
}
