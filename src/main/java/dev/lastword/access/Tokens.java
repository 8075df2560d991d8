package dev.lastword.access;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.jwt.validator.ReactiveJsonWebTokenValidator;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Issues and verifies tokens. A token stands for a key for some time, with all or some of its
 * scopes, and ends with it: when the key is revoked, so are its tokens.
 *
 * <p>Verification is that of micronaut-security: the form, the signature by {@link TokenKeys}, the
 * time of expiry and the issuer.
 */
@Singleton
class Tokens {
  private static final String ISSUER = "lastword";
  private static final String SCOPE = "scope";
  private static final String CSRF = "csrf";

  /**
   * What a token says.
   *
   * @param session the id of the browser session; null for tokens that are no cookies
   * @param csrf a secret that requests with this token as a cookie must repeat; null for tokens
   *     that are no cookies
   */
  record Token(
      String keyId,
      Set<Scope> scopes,
      Instant expiresAt,
      @Nullable String session,
      @Nullable String csrf) {}

  /** A new token. */
  record Issued(String text, Instant expiresAt) {}

  private final TokenKeys keys;
  private final ReactiveJsonWebTokenValidator<JWT, HttpRequest<?>> validator;
  private final Clock clock;

  Tokens(
      TokenKeys keys, ReactiveJsonWebTokenValidator<JWT, HttpRequest<?>> validator, Clock clock) {
    this.keys = keys;
    this.validator = validator;
    this.clock = clock;
  }

  /** Returns whether a text has the form of a token, as opposed to a key. */
  static boolean isToken(String text) {
    return text.indexOf('.') != text.lastIndexOf('.');
  }

  Issued issue(String keyId, Set<Scope> scopes, Duration life) {
    return issue(keyId, scopes, life, null, null);
  }

  /** Issues the token of a browser session. */
  Issued issue(
      String keyId,
      Set<Scope> scopes,
      Duration life,
      @Nullable String session,
      @Nullable String csrf) {
    Instant now = clock.instant();
    Instant expiresAt = now.plus(life);
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject(keyId)
            .claim(SCOPE, String.join(" ", Scope.names(scopes)))
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt));
    if (session != null) {
      claims.jwtID(session);
    }
    if (csrf != null) {
      claims.claim(CSRF, csrf);
    }
    String text = keys.sign(claims.build()).serialize();
    return new Issued(text, expiresAt.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Verifies a token; empty if it is not valid or has expired. */
  CompletableFuture<Optional<Token>> verify(String text) {
    return Mono.from(validator.validate(text, null))
        .map(Tokens::read)
        .defaultIfEmpty(Optional.empty())
        .toFuture();
  }

  private static Optional<Token> read(JWT valid) {
    try {
      JWTClaimsSet claims = valid.getJWTClaimsSet();
      // Only a token that we did not issue, but with our secret, lacks one of them.
      if (claims.getExpirationTime() == null || claims.getStringClaim(SCOPE) == null) {
        return Optional.empty();
      }
      return Optional.of(
          new Token(
              claims.getSubject(),
              Scope.of(claims.getStringClaim(SCOPE).split(" ")),
              claims.getExpirationTime().toInstant(),
              claims.getJWTID(),
              claims.getStringClaim(CSRF)));
    } catch (ParseException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
