package dev.lastword.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.web.router.RouteAttributes;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Limits requests by the address of the client, before their key is checked, so that it also limits
 * the guessing of keys. It exists only if a limit is set.
 *
 * <p>Probes are not limited, nor are clients on this machine: one of them may be a proxy that is
 * not configured as such, and all clients would share its bucket.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(AddressLimitFilter.ORDER)
@Requires(property = AddressLimitFilter.SETTING)
class AddressLimitFilter {
  /** After the counting of requests, and before the check of keys. */
  static final int ORDER = -15;

  static final String SETTING = "lastword.rate-limit.address";

  private final ClientAddress addresses;
  private final RateLimiter limiter;

  AddressLimitFilter(
      @Value("${" + SETTING + "}") String limit,
      ClientAddress addresses,
      @Nullable SharedBuckets shared,
      MeterRegistry meters) {
    this.addresses = addresses;
    limiter = new RateLimiter(RateLimit.parse("address", limit), shared, meters);
  }

  @RequestFilter
  CompletableFuture<Optional<HttpResponse<?>>> take(HttpRequest<?> request) {
    InetAddress client = addresses.of(request);
    if (client.isLoopbackAddress() || isProbe(request)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return limiter.take(request, ClientAddress.network(client));
  }

  private static boolean isProbe(HttpRequest<?> request) {
    return RouteAttributes.getRouteMatch(request)
        .filter(route -> route.getRouteInfo().getDeclaringType() == HealthEndpoint.class)
        .isPresent();
  }

  @ResponseFilter
  void describe(HttpRequest<?> request, MutableHttpResponse<?> response) {
    limiter.describe(request, response);
  }
}
