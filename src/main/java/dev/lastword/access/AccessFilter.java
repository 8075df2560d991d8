package dev.lastword.access;

import dev.lastword.http.OpenToAll;
import io.micronaut.configuration.metrics.micrometer.prometheus.management.PrometheusEndpoint;
import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import io.micronaut.web.router.RouteMatch;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the key of each request.
 *
 * <ol>
 *   <li>The route decides which scope is needed: that of {@link RequiresScope}, or none with {@link
 *       OpenToAll} and for health. Metrics are about all tenants, so they need scope read of the
 *       default tenant; whatever else the framework offers needs scope admin of it. Paths without a
 *       route have nothing to protect.
 *   <li>A service without any key is open, see {@link OpenAccess}. With the first key it closes,
 *       for good.
 *   <li>A key in the URL must have scope write alone, because proxies log URLs.
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

  private static final Set<Scope> WRITE_ALONE = Set.of(Scope.WRITE);

  private final Map<RouteInfo<?>, Need> needs = new ConcurrentHashMap<>();
  private final KeyCache keys;
  private final OpenAccess open;

  AccessFilter(KeyCache keys, OpenAccess open) {
    this.keys = keys;
    this.open = open;
  }

  /**
   * What a call requires of a key.
   *
   * @param scope null if it requires no key
   */
  private record Need(@Nullable Scope scope, boolean operator) {
    static final Need NOTHING = new Need(null, false);
    static final Need METRICS = new Need(Scope.READ, true);
    static final Need MANAGEMENT = new Need(Scope.ADMIN, true);

    void check(Caller caller) {
      if (scope == null) {
        return;
      }
      if (!caller.scopes().contains(scope)) {
        throw AccessDeniedException.scope(scope);
      }
      if (operator && !caller.isOperator()) {
        throw AccessDeniedException.notOperator(scope);
      }
    }
  }

  @RequestFilter
  CompletableFuture<HttpRequest<?>> check(HttpRequest<?> request) {
    RouteMatch<?> route = RouteAttributes.getRouteMatch(request).orElse(null);
    Need need =
        route == null ? Need.NOTHING : needs.computeIfAbsent(route.getRouteInfo(), this::need);
    if (need.scope == null) {
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
    CallerBinder.set(request, caller);
    return request;
  }

  private static RuntimeException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
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
    Optional<Scope> scope = annotations.enumValue(RequiresScope.class, Scope.class);
    if (scope.isPresent()) {
      return new Need(
          scope.get(), annotations.booleanValue(RequiresScope.class, "operator").orElse(false));
    }
    return type == PrometheusEndpoint.class ? Need.METRICS : Need.MANAGEMENT;
  }

  private CompletableFuture<Caller> caller(HttpRequest<?> request) {
    return open.isOpen()
        .thenCompose(
            isOpen ->
                isOpen
                    ? CompletableFuture.completedFuture(Caller.ANYONE)
                    : keyed(Credentials.of(request)));
  }

  private CompletableFuture<Caller> keyed(@Nullable Credentials given) {
    if (given == null) {
      throw AccessDeniedException.noKey();
    }
    KeyText text = KeyText.parse(given.text());
    if (text == null) {
      throw AccessDeniedException.wrongKey(
          "unknown", "This is not an API key. Keys look like lw_<id>_<secret>.");
    }
    return keys.find(text).thenApply(key -> accept(key, given.inUrl()));
  }

  private static Caller accept(Optional<ApiKey> found, boolean inUrl) {
    ApiKey key =
        found.orElseThrow(
            () -> AccessDeniedException.wrongKey("unknown", "There is no such API key."));
    switch (key.state()) {
      case EXPIRED -> throw AccessDeniedException.wrongKey("expired", "The API key has expired.");
      case REVOKED ->
          throw AccessDeniedException.wrongKey("revoked", "The API key has been revoked.");
      case ACTIVE -> {}
    }
    if (inUrl && !key.scopes().equals(WRITE_ALONE)) {
      throw AccessDeniedException.wrongKey(
          "in_url",
          "Only a key of scope write alone may be part of a URL. Send this one as Authorization: Bearer <key>.");
    }
    return Caller.of(key);
  }
}
