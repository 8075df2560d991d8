package dev.lastword.limit;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.row.Text;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out keystrokes and events of bots and of the team itself, by user agent, client address or
 * API key. Their requests are answered with 202, as if they had been taken, so that clients do not
 * send them again, and counted by reason. The filter exists only if there is such a setting.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(IgnoredTrafficFilter.ORDER)
@Requires(property = IgnoredTrafficFilter.SETTINGS)
class IgnoredTrafficFilter {
  /** After the check of the key, and before its limit. */
  static final int ORDER = -7;

  static final String SETTINGS = "lastword.ignore";

  /**
   * The response, with the fields that clients of all ingest calls expect.
   *
   * @param ignored why nothing was stored
   */
  @Serdeable
  record Ignored(
      String status,
      int accepted,
      int duplicates,
      List<String> rejected,
      int failed,
      int count,
      String ignored) {

    static Ignored because(String reason) {
      return new Ignored("accepted", 0, 0, List.of(), 0, 0, reason);
    }
  }

  private final List<String> userAgents;
  private final List<IpSubnetFilterRule> networks;
  private final Set<String> keys;
  private final ClientAddress addresses;
  private final MeterRegistry meters;

  IgnoredTrafficFilter(
      @Nullable @Property(name = SETTINGS + ".user-agents") String userAgents,
      @Nullable @Property(name = SETTINGS + ".addresses") String networks,
      @Nullable @Property(name = SETTINGS + ".keys") String keys,
      ClientAddress addresses,
      MeterRegistry meters) {
    this.userAgents =
        Text.elements(userAgents == null ? "" : userAgents)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .toList();
    this.networks = ClientAddress.networks(networks == null ? "" : networks);
    this.keys = Text.elements(keys == null ? "" : keys).collect(Collectors.toSet());
    this.addresses = addresses;
    this.meters = meters;
  }

  @RequestFilter
  Optional<HttpResponse<?>> check(HttpRequest<?> request) {
    if (RouteAttributes.getRouteMatch(request).filter(IgnoredTrafficFilter::stores).isEmpty()) {
      return Optional.empty();
    }
    String reason = reason(request);
    if (reason == null) {
      return Optional.empty();
    }
    meters.counter("lastword.ignored.requests", "reason", reason).increment();
    return Optional.of(HttpResponse.accepted().body(Ignored.because(reason)));
  }

  private static boolean stores(RouteMatch<?> route) {
    return route
        .getRouteInfo()
        .getAnnotationMetadata()
        .enumValue(RequiresScope.class, Scope.class)
        .filter(Scope.WRITE::equals)
        .isPresent();
  }

  private @Nullable String reason(HttpRequest<?> request) {
    if (isIgnoredAgent(request.getHeaders().get(HttpHeaders.USER_AGENT))) {
      return "user_agent";
    }
    if (!networks.isEmpty()) {
      InetAddress client = addresses.of(request);
      if (networks.stream().anyMatch(network -> ClientAddress.matches(network, client))) {
        return "address";
      }
    }
    return Caller.of(request).map(Caller::keyId).filter(keys::contains).isPresent() ? "key" : null;
  }

  private boolean isIgnoredAgent(@Nullable String userAgent) {
    if (userAgent == null || userAgents.isEmpty()) {
      return false;
    }
    String lowerCase = userAgent.toLowerCase(Locale.ROOT);
    return userAgents.stream().anyMatch(lowerCase::contains);
  }
}
