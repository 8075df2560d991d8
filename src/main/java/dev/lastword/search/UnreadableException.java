package dev.lastword.search;

import io.micronaut.http.HttpStatus;

/** The body of a request cannot be taken as a whole; nothing of it is. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private UnreadableException(HttpStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  static UnreadableException malformed(String message) {
    return new UnreadableException(HttpStatus.BAD_REQUEST, message);
  }

  static UnreadableException tooLarge(String message) {
    return new UnreadableException(HttpStatus.REQUEST_ENTITY_TOO_LARGE, message);
  }

  HttpStatus status() {
    return status;
  }

  /** What was wrong, in words for whoever sent the request. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
