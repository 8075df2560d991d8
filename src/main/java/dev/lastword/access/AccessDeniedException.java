package dev.lastword.access;

import io.micronaut.http.HttpStatus;
import java.util.List;

/** Thrown if the key of a request is missing, not valid, or without the scope of the call. */
final class AccessDeniedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String reason;
  private final String challenge;

  /**
   * @param reason a word for metrics
   * @param detail a sentence for the client
   * @param challenge the value of WWW-Authenticate, see RFC 6750
   */
  private AccessDeniedException(HttpStatus status, String reason, String detail, String challenge) {
    // Without a stack trace: it is an answer, and attackers must not be able to make it costly.
    super(detail, null, false, false);
    this.status = status;
    this.reason = reason;
    this.challenge = challenge;
  }

  static AccessDeniedException noKey() {
    return new AccessDeniedException(
        HttpStatus.UNAUTHORIZED,
        "no_key",
        "An API key or a token is required. Send it as Authorization: Bearer <key>, or as X-API-Key: <key>.",
        "Bearer realm=\"lastword\"");
  }

  static AccessDeniedException wrongKey(String reason, String detail) {
    return new AccessDeniedException(
        HttpStatus.UNAUTHORIZED,
        reason,
        detail,
        "Bearer realm=\"lastword\", error=\"invalid_token\"");
  }

  static AccessDeniedException expiredToken() {
    return wrongKey("token", "The token has expired. Get another one.");
  }

  static AccessDeniedException endedSession() {
    return wrongKey("session", "The session has ended. Begin another one.");
  }

  static AccessDeniedException scope(Scope scope) {
    return forbidden("scope", "The API key needs scope %s.".formatted(scope.text()), scope);
  }

  static AccessDeniedException notOperator() {
    return forbidden("tenant", "The API key must be one of tenant default.", Scope.ADMIN);
  }

  static AccessDeniedException csrf() {
    return new AccessDeniedException(
        HttpStatus.FORBIDDEN,
        "csrf",
        "With a session cookie, a request that changes something needs header X-CSRF-Token; its value is csrf_token of GET /session.",
        "Bearer realm=\"lastword\"");
  }

  static AccessDeniedException foreignOrigin(String origin) {
    return new AccessDeniedException(
        HttpStatus.FORBIDDEN,
        "origin",
        "Without keys, pages of %s may not call this service. Set LASTWORD_CORS_ORIGINS to their origin, or create an API key."
            .formatted(origin),
        "Bearer realm=\"lastword\"");
  }

  static AccessDeniedException originOfKey(List<String> origins) {
    return new AccessDeniedException(
        HttpStatus.FORBIDDEN,
        "key_origin",
        "The API key is only for pages of %s.".formatted(String.join(", ", origins)),
        "Bearer realm=\"lastword\"");
  }

  static AccessDeniedException foreignHost(String host) {
    return new AccessDeniedException(
        HttpStatus.FORBIDDEN,
        "host",
        "Without keys, this service is for its own machine, and not for %s. Create an API key, or set LASTWORD_OPEN=true."
            .formatted(host),
        "Bearer realm=\"lastword\"");
  }

  private static AccessDeniedException forbidden(String reason, String detail, Scope scope) {
    return new AccessDeniedException(
        HttpStatus.FORBIDDEN,
        reason,
        detail,
        "Bearer realm=\"lastword\", error=\"insufficient_scope\", scope=\"%s\""
            .formatted(scope.text()));
  }

  HttpStatus status() {
    return status;
  }

  String reason() {
    return reason;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  String challenge() {
    return challenge;
  }
}
