package dev.lastword.commit;

/**
 * Thrown if the commit of a row was not confirmed: the queue is full, the node stops, or the
 * database did not answer in time. The sender should retry after a short time. In the last case,
 * the row may be committed nevertheless.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message) {
    // Thrown by the thousand under overload, when stack traces would be most of the work.
    super(message, null, false, false);
  }
}
