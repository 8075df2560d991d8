package dev.lastword.access;

import dev.lastword.http.CallErrors;
import dev.lastword.http.OpenToAll;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /session}: a browser session, for pages of this service. The key is sent once; from then
 * on, a cookie that no script can read stands for it.
 */
@Controller("/session")
@ExecuteOn(TaskExecutors.BLOCKING)
class SessionController {
  private static final Duration LIFE = Duration.ofHours(12);
  private static final int CSRF_BYTES = 16;

  private static final String EXAMPLE =
      """
      {"tenant": "shop", "key_id": "4k2m9x7qpz3d", "scopes": ["read"], "expires_at": "2025-10-12T22:11:12Z",
       "csrf_token": "mBn4jC1gV3b1QqX0m0k3aA"}
      """;

  /**
   * The sender of a request.
   *
   * @param tenant name of the tenant
   * @param keyId the readable part of the key; null while the service is open
   * @param scopes write, read, admin
   * @param expiresAt time of expiry of the session or the token; null for a key
   * @param csrfToken the value of header {@code X-CSRF-Token} for requests of this session that
   *     change something; null without a session
   */
  @Schema(name = "Session")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record SessionResponse(
      String tenant,
      @Nullable String keyId,
      List<String> scopes,
      @Nullable Instant expiresAt,
      @Nullable String csrfToken) {

    static SessionResponse of(Caller caller, @Nullable Instant expiresAt, @Nullable String csrf) {
      return new SessionResponse(
          caller.tenant(), caller.keyId(), Scope.names(caller.scopes()), expiresAt, csrf);
    }
  }

  private final Tokens tokens;
  private final Sessions sessions;
  private final SessionCache cache;

  SessionController(Tokens tokens, Sessions sessions, SessionCache cache) {
    this.tokens = tokens;
    this.sessions = sessions;
    this.cache = cache;
  }

  /**
   * Begins a browser session of twelve hours with an API key.
   *
   * <p>The response sets cookie {@code lastword_session}.
   */
  @Post
  @CallErrors
  @RequiresScope({})
  @Operation(operationId = "beginSession", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The session. The cookie is `HttpOnly` and `SameSite=Strict`.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SessionResponse.class),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "409", description = "The service is open, and needs no session.")
  HttpResponse<SessionResponse> begin(HttpRequest<?> request, Caller caller) {
    String keyId = TokenController.requireKey(caller);
    String csrf =
        Base64.getUrlEncoder().withoutPadding().encodeToString(KeyText.randomBytes(CSRF_BYTES));
    String session = sessions.begin(keyId, LIFE);
    Tokens.Issued issued = tokens.issue(keyId, caller.scopes(), LIFE, session, csrf);
    return HttpResponse.ok(SessionResponse.of(caller, issued.expiresAt(), csrf))
        .cookie(cookie(request, issued.text(), LIFE))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Returns the tenant and the scopes of the sender, by whichever key, token or session. */
  @Get
  @CallErrors
  @RequiresScope({})
  @Operation(operationId = "getSession", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The sender.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SessionResponse.class),
              examples = @ExampleObject(EXAMPLE)))
  HttpResponse<SessionResponse> get(Caller caller) {
    Tokens.Token token = caller.token();
    return HttpResponse.ok(
            SessionResponse.of(
                caller,
                token == null ? null : token.expiresAt(),
                token == null ? null : token.csrf()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /**
   * Ends the session of the browser, on all nodes within five seconds, and deletes the cookie.
   *
   * @param all whether to end all sessions of the same key
   */
  @Delete
  @OpenToAll
  @Operation(operationId = "endSession", tags = "Administration")
  @ApiResponse(
      responseCode = "204",
      description = "The browser has no session any more.",
      content = @Content(examples = @ExampleObject("")))
  @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidParameter")
  @ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
  HttpResponse<?> end(HttpRequest<?> request, @QueryValue @Nullable Boolean all) {
    Optional<Tokens.Token> found =
        request
            .getCookies()
            .findCookie(Credentials.COOKIE)
            .flatMap(cookie -> tokens.verify(cookie.getValue()).join());
    found.ifPresent(token -> end(token, Boolean.TRUE.equals(all)));
    return HttpResponse.noContent().cookie(cookie(request, "", Duration.ZERO));
  }

  private void end(Tokens.Token token, boolean all) {
    String session = token.session();
    if (session == null) {
      return;
    }
    if (all) {
      cache.endAll(token.keyId());
    } else {
      cache.end(session);
    }
  }

  private static Cookie cookie(HttpRequest<?> request, String value, Duration life) {
    // A client that claims to use HTTPS only restricts its own cookie.
    boolean secure =
        request.isSecure() || "https".equals(request.getHeaders().get("X-Forwarded-Proto"));
    return Cookie.of(Credentials.COOKIE, value)
        .path("/")
        .httpOnly(true)
        .secure(secure)
        .sameSite(SameSite.Strict)
        .maxAge(life);
  }
}
