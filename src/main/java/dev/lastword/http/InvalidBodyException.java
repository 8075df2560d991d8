package dev.lastword.http;

import io.micronaut.http.HttpStatus;

/** The body of a request cannot be taken as a whole; nothing of it is. */
public final class InvalidBodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private InvalidBodyException(HttpStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The body is not of a form that is taken: 400. */
  public static InvalidBodyException malformed(String message) {
    return new InvalidBodyException(HttpStatus.BAD_REQUEST, message);
  }

  /** There is more in the body than is taken: 413. */
  public static InvalidBodyException tooLarge(String message) {
    return new InvalidBodyException(HttpStatus.REQUEST_ENTITY_TOO_LARGE, message);
  }

  public HttpStatus status() {
    return status;
  }

  /** What was wrong, in words for whoever sent the request. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
