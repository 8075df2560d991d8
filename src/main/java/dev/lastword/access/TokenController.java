package dev.lastword.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.exceptions.HttpStatusException;
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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /token}: trades an API key for a short-lived token. */
@CallErrors
@RequiresScope({})
@Controller("/token")
@ExecuteOn(TaskExecutors.BLOCKING)
class TokenController {
  private static final int DEFAULT_SECONDS = 900;
  private static final int MAX_SECONDS = 3_600;

  /**
   * A token to issue.
   *
   * @param scopes some of those of the key; all of them by default
   * @param expiresIn seconds, 1 to 3600; 900 by default
   */
  @Schema(name = "NewToken")
  @Serdeable.Deserializable(naming = SnakeCaseStrategy.class)
  @JsonIgnoreProperties
  record NewToken(@Nullable List<String> scopes, @Nullable Integer expiresIn) {
    static final NewToken DEFAULT = new NewToken(null, null);
  }

  /**
   * A token, with the names of RFC 6749.
   *
   * @param accessToken the token, which is sent like a key
   * @param tokenType {@code Bearer}
   * @param expiresIn seconds
   * @param scope its scopes, separated by blanks
   */
  @Schema(name = "Token")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record TokenResponse(String accessToken, String tokenType, int expiresIn, String scope) {}

  private final Tokens tokens;

  TokenController(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Trades an API key for a token that expires soon, with all or some of its scopes.
   *
   * <p>The token is sent like a key, as {@code Authorization: Bearer}. It is a JWT, signed with
   * HMAC-SHA256. When its key is revoked, it ends as well. A token cannot be traded for another.
   */
  @Post
  @Operation(operationId = "createToken", tags = "Administration")
  @ApiResponse(
      responseCode = "200",
      description = "The token.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = TokenResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"access_token": "eyJraWQiOiIyMDI1LTEwLTEyIiwiYWxnIjoiSFMyNTYifQ.eyJpc3MiOiJsYXN0d29yZCJ9.c2ln",
                       "token_type": "Bearer", "expires_in": 900, "scope": "write read"}
                      """)))
  @ApiResponse(
      responseCode = "409",
      description = "The service is open, so there is no key to trade.")
  HttpResponse<TokenResponse> create(Caller caller, @Body @Nullable NewToken request) {
    String keyId = requireKey(caller);
    NewToken wanted = request == null ? NewToken.DEFAULT : request;
    int seconds =
        wanted.expiresIn == null
            ? DEFAULT_SECONDS
            : Parameters.upTo("expires_in", wanted.expiresIn, MAX_SECONDS);
    Set<Scope> scopes = wanted.scopes == null ? caller.scopes() : scopes(caller, wanted.scopes);
    String token = tokens.issue(keyId, scopes, Duration.ofSeconds(seconds)).text();
    return HttpResponse.ok(
            new TokenResponse(token, "Bearer", seconds, String.join(" ", Scope.names(scopes))))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Returns the key that the caller sent itself. */
  static String requireKey(Caller caller) {
    if (caller.keyId() == null) {
      throw new HttpStatusException(
          HttpStatus.CONFLICT, "The service is open: it has no keys, and needs no tokens.");
    }
    if (caller.token() != null) {
      throw new HttpStatusException(
          HttpStatus.FORBIDDEN, "A token cannot be traded for another one. Send the API key.");
    }
    return caller.keyId();
  }

  private static Set<Scope> scopes(Caller caller, List<String> names) {
    Set<Scope> scopes = Scope.parse("scopes", names);
    Parameters.require(
        !scopes.isEmpty() && caller.scopes().containsAll(scopes),
        "scopes must be one or more of those of the key: %s."
            .formatted(String.join(",", Scope.names(caller.scopes()))));
    return scopes;
  }
}
