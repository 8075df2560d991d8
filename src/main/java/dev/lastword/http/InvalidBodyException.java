package dev.lastword.http;

import io.micronaut.http.HttpStatus;

/** Thrown if the body of a request is not valid as a whole; none of its rows is stored. */
public final class InvalidBodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private InvalidBodyException(HttpStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Returns the error for a body of a wrong structure: 400. */
  public static InvalidBodyException malformed(String message) {
    return new InvalidBodyException(HttpStatus.BAD_REQUEST, message);
  }

  /** Returns the error for a body that is too large: 413. */
  public static InvalidBodyException tooLarge(String message) {
    return new InvalidBodyException(HttpStatus.REQUEST_ENTITY_TOO_LARGE, message);
  }

  public HttpStatus status() {
    return status;
  }

  /** Returns the detail of the problem. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
