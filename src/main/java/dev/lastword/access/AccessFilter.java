package dev.lastword.access;

import dev.lastword.access.Credentials.Source;
import dev.lastword.access.Tokens.Token;
import dev.lastword.http.OpenToAll;
import io.micronaut.configuration.metrics.micrometer.prometheus.management.PrometheusEndpoint;
import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.annotation.AnnotationValue;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import io.micronaut.web.router.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the key or the token of each request.
 *
 * <ol>
 *   <li>The route decides which scope is needed: that of {@link RequiresScope}, or none with {@link
 *       OpenToAll} and for health. Metrics are about all tenants, so they need scope read of the
 *       default tenant; whatever else the framework offers needs scope admin of it. Paths without a
 *       route have nothing to protect.
 *   <li>A service without any key is open, see {@link OpenAccess}. With the first key it closes,
 *       for good.
 *   <li>A token is verified, and then stands for its key. A key in the URL must have scope write
 *       alone, because proxies log URLs; a token in a cookie needs another one in a header for
 *       requests that change something.
 *   <li>The sender becomes the {@link Caller} of the request.
 * </ol>
 *
 * <p>It serves all calls, because {@code /events} is a path for writing and for reading. It does
 * not wait: a key in memory is checked at once, and for any other one, the request continues when
 * the key has been read.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(AccessFilter.ORDER)
class AccessFilter {
  /** After the counting of requests, and before anything looks at their parameters. */
  static final int ORDER = -10;

  static final String CSRF_HEADER = "X-CSRF-Token";

  private static final String IN_URL =
      "Only a key of scope write alone may be part of a URL. Send this one as Authorization: Bearer <key>.";
  private static final Set<Scope> WRITE_ALONE = Set.of(Scope.WRITE);

  private final Map<RouteInfo<?>, Need> needs = new ConcurrentHashMap<>();
  private final KeyCache keys;
  private final Tokens tokens;
  private final SessionCache sessions;
  private final OpenAccess open;
  private final Clock clock;

  AccessFilter(KeyCache keys, Tokens tokens, SessionCache sessions, OpenAccess open, Clock clock) {
    this.keys = keys;
    this.tokens = tokens;
    this.sessions = sessions;
    this.open = open;
    this.clock = clock;
  }

  /**
   * What a call requires of a key.
   *
   * @param key whether it requires one
   * @param scope null if a key of any scope will do
   */
  private record Need(boolean key, @Nullable Scope scope, boolean operator) {
    static final Need NOTHING = new Need(false, null, false);
    static final Need METRICS = new Need(true, Scope.READ, true);
    static final Need MANAGEMENT = new Need(true, Scope.ADMIN, true);

    static Need of(AnnotationValue<RequiresScope> required) {
      Scope[] scopes = required.enumValues(Scope.class);
      boolean operator = required.booleanValue("operator").orElse(false);
      return new Need(true, scopes.length == 0 ? null : scopes[0], operator);
    }

    void check(Caller caller) {
      if (scope != null && !caller.scopes().contains(scope)) {
        throw AccessDeniedException.scope(scope);
      }
      if (operator && !caller.isOperator()) {
        throw AccessDeniedException.notOperator();
      }
    }
  }

  @RequestFilter
  CompletableFuture<HttpRequest<?>> check(HttpRequest<?> request) {
    RouteMatch<?> route = RouteAttributes.getRouteMatch(request).orElse(null);
    Need need =
        route == null ? Need.NOTHING : needs.computeIfAbsent(route.getRouteInfo(), this::need);
    if (!need.key) {
      return CompletableFuture.completedFuture(request);
    }
    CompletableFuture<Caller> caller = caller(request);
    if (!caller.isDone()) {
      return caller.handle((found, failure) -> admit(request, need, found, failure));
    }
    try {
      return CompletableFuture.completedFuture(admit(request, need, caller.join(), null));
    } catch (CompletionException e) {
      throw refusal(e);
    }
  }

  private static HttpRequest<?> admit(
      HttpRequest<?> request, Need need, @Nullable Caller caller, @Nullable Throwable failure) {
    if (caller == null) {
      throw refusal(Objects.requireNonNull(failure));
    }
    need.check(caller);
    caller.setOn(request);
    return request;
  }

  private static RuntimeException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException || cause instanceof RejectedExecutionException) {
      return new HttpStatusException(
          HttpStatus.SERVICE_UNAVAILABLE, "Database unavailable or too busy. Retry later.");
    }
    return cause instanceof RuntimeException e ? e : new CompletionException(cause);
  }

  private Need need(RouteInfo<?> route) {
    AnnotationMetadata annotations = route.getAnnotationMetadata();
    Class<?> type = route.getDeclaringType();
    if (annotations.hasAnnotation(OpenToAll.class) || type == HealthEndpoint.class) {
      return Need.NOTHING;
    }
    AnnotationValue<RequiresScope> required = annotations.getAnnotation(RequiresScope.class);
    if (required != null) {
      return Need.of(required);
    }
    return type == PrometheusEndpoint.class ? Need.METRICS : Need.MANAGEMENT;
  }

  private CompletableFuture<Caller> caller(HttpRequest<?> request) {
    if (!open.isAllowed()) {
      return identify(request, Credentials.of(request));
    }
    return keys.existence()
        .thenCompose(
            exist ->
                exist
                    ? identify(request, Credentials.of(request))
                    : CompletableFuture.completedFuture(open.anyone(request)));
  }

  private CompletableFuture<Caller> identify(HttpRequest<?> request, @Nullable Credentials given) {
    if (given == null) {
      throw AccessDeniedException.noKey();
    }
    if (given.source() == Source.SIGNATURE) {
      return bySignature(request, given);
    }
    if (Tokens.isToken(given.text())) {
      return tokens.verify(given.text()).thenCompose(token -> byToken(request, given, token));
    }
    KeyText text = given.source() == Source.COOKIE ? null : KeyText.parse(given.text());
    if (text == null) {
      throw AccessDeniedException.wrongKey(
          "unknown", "This is neither an API key nor a token. Keys look like lw_<id>_<secret>.");
    }
    return keys.find(text)
        .thenApply(
            found -> {
              ApiKey key = usable(request, found);
              require(given.source() != Source.URL || key.scopes().equals(WRITE_ALONE), IN_URL);
              if (key.signs()) {
                throw AccessDeniedException.wrongKey(
                    "sent", "This API key signs requests, and must not be sent.");
              }
              return Caller.of(key);
            });
  }

  private CompletableFuture<Caller> bySignature(HttpRequest<?> request, Credentials given) {
    RequestSignature signature = RequestSignature.parse(given.text());
    if (signature == null) {
      throw AccessDeniedException.wrongKey(
          "signature",
          "Authorization: HMAC-SHA256 must be followed by <key id>:<time in seconds>:<signature in hexadecimal digits>.");
    }
    if (!signature.isWithinWindow(clock.instant())) {
      throw AccessDeniedException.wrongKey(
          "signature_time",
          "The time of the signature must be within 5 minutes of this node's, which is %d."
              .formatted(clock.instant().getEpochSecond()));
    }
    return keys.findSigning(signature.keyId())
        .thenCompose(
            key ->
                key.isPresent()
                    ? signature.matches(request, key.get())
                    : CompletableFuture.completedFuture(false))
        .thenCompose(
            matches -> {
              if (!matches) {
                throw AccessDeniedException.wrongKey(
                    "signature", "The signature is not that of this request by this key.");
              }
              return keys.find(signature.keyId());
            })
        .thenApply(key -> Caller.of(usable(request, key)));
  }

  private CompletableFuture<Caller> byToken(
      HttpRequest<?> request, Credentials given, Optional<Token> found) {
    Token token =
        found.orElseThrow(
            () ->
                AccessDeniedException.wrongKey(
                    "token", "The token is not valid, or has expired. Get another one."));
    require(given.source() != Source.URL, IN_URL);
    if (given.source() == Source.COOKIE) {
      requireCsrfToken(request, token);
    }
    return sessions
        .requireOpen(token)
        .thenCompose(isOpen -> keys.find(token.keyId()))
        .thenApply(key -> Caller.of(usable(request, key), token));
  }

  /** A browser sends cookies with requests of any page, but only ours can read this token. */
  private static void requireCsrfToken(HttpRequest<?> request, Token token) {
    if (request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD) {
      return;
    }
    String given = request.getHeaders().get(CSRF_HEADER);
    if (token.csrf() == null
        || given == null
        || !MessageDigest.isEqual(
            token.csrf().getBytes(StandardCharsets.UTF_8),
            given.getBytes(StandardCharsets.UTF_8))) {
      throw AccessDeniedException.csrf();
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw AccessDeniedException.wrongKey("in_url", otherwise);
    }
  }

  /** Returns a key that this request can use. */
  private static ApiKey usable(HttpRequest<?> request, Optional<ApiKey> found) {
    ApiKey key = active(found);
    if (!key.restrictions().allowsOrigin(request.getHeaders().get(HttpHeaders.ORIGIN))) {
      throw AccessDeniedException.originOfKey(key.restrictions().origins());
    }
    return key;
  }

  /** Returns a key that can be used. */
  static ApiKey active(Optional<ApiKey> found) {
    ApiKey key =
        found.orElseThrow(
            () -> AccessDeniedException.wrongKey("unknown", "There is no such API key."));
    switch (key.state()) {
      case EXPIRED -> throw AccessDeniedException.wrongKey("expired", "The API key has expired.");
      case REVOKED ->
          throw AccessDeniedException.wrongKey("revoked", "The API key has been revoked.");
      case ACTIVE -> {}
    }
    return key;
  }
}
