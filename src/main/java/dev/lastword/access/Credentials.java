package dev.lastword.access;

import dev.lastword.http.connection.KeyParameter;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The API key, the token or the signature of a request.
 *
 * @param text as the client sent it
 */
record Credentials(String text, Source source) {
  static final String HEADER = "X-API-Key";
  static final String COOKIE = "lastword_session";

  private static final String BEARER = "bearer ";

  /** Where it was found. */
  enum Source {
    HEADER,
    URL,
    COOKIE,
    SIGNATURE
  }

  /**
   * Reads {@code Authorization}, {@value #HEADER}, parameter {@code key}, or cookie {@value
   * #COOKIE}; the first of them counts.
   *
   * @return null if there is none
   */
  static @Nullable Credentials of(HttpRequest<?> request) {
    Credentials sent = of(request.getHeaders()::get);
    return sent != null
        ? sent
        : request
            .getCookies()
            .findCookie(COOKIE)
            .map(Cookie::getValue)
            .map(value -> new Credentials(value, Source.COOKIE))
            .orElse(null);
  }

  /**
   * Reads those that are not in a cookie.
   *
   * @param headers returns the value of a header, null if there is none
   */
  static @Nullable Credentials of(Function<String, @Nullable String> headers) {
    String authorization = headers.apply(HttpHeaders.AUTHORIZATION);
    String bearer = after(BEARER, authorization);
    if (bearer != null) {
      return new Credentials(bearer, Source.HEADER);
    }
    String signature = after(RequestSignature.SCHEME, authorization);
    if (signature != null) {
      return new Credentials(signature, Source.SIGNATURE);
    }
    String header = headers.apply(HEADER);
    if (header != null) {
      return new Credentials(header.strip(), Source.HEADER);
    }
    String parameter = headers.apply(KeyParameter.HEADER);
    return parameter == null ? null : new Credentials(parameter, Source.URL);
  }

  /** Returns what follows the scheme, which ends with a blank; null if it is another one. */
  private static @Nullable String after(String scheme, @Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        ? authorization.substring(scheme.length()).strip()
        : null;
  }

  /** Leaves the text out, so that it cannot get into a log by mistake. */
  @Override
  public String toString() {
    return "Credentials from " + source;
  }
}
