package dev.lastword.access;

import dev.lastword.http.KeyParameter;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The API key of a request.
 *
 * @param text as the client sent it
 * @param inUrl whether it was part of the URL
 */
record Credentials(String text, boolean inUrl) {
  static final String HEADER = "X-API-Key";

  private static final String BEARER = "bearer ";

  /**
   * Reads {@code Authorization: Bearer}, {@value #HEADER}, or parameter {@code key}; the first of
   * them counts.
   *
   * @return null if there is none
   */
  static @Nullable Credentials of(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    String authorization = headers.get(HttpHeaders.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new Credentials(authorization.substring(BEARER.length()).strip(), false);
    }
    String header = headers.get(HEADER);
    if (header != null) {
      return new Credentials(header.strip(), false);
    }
    String parameter = headers.get(KeyParameter.HEADER);
    return parameter == null ? null : new Credentials(parameter, true);
  }

  /** Leaves the key out, so that it cannot get into a log by mistake. */
  @Override
  public String toString() {
    return inUrl ? "key in URL" : "key in header";
  }
}
