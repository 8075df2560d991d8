package dev.lastword.http;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.HttpServerConfiguration.CorsConfiguration;
import io.micronaut.http.server.cors.CorsFilter;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.resource.StaticResourceResolver;
import java.util.Map;

/**
 * The framework's CORS filter with the rules of {@link AllowedOrigins}, before all others, so that
 * pages can read errors as well, such as 401 and 429.
 *
 * <p>The framework would also refuse pages of other origins that call a loopback address. It does
 * so without a sentence, even if there are keys, and it mistakes requests through a proxy on the
 * same machine for such calls. The check of open access does that instead.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Replaces(CorsFilter.class)
class CrossOriginFilter extends CorsFilter {
  private static final int ORDER = ApiMeters.ORDER - 10;

  CrossOriginFilter(AllowedOrigins origins, Router router, StaticResourceResolver files) {
    super(rules(origins), files, router, null);
  }

  private static CorsConfiguration rules(AllowedOrigins origins) {
    var rules = new CorsConfiguration();
    rules.setSingleHeader(true);
    rules.setLocalhostPassThrough(true);
    origins
        .configuration()
        .ifPresent(
            allowed -> {
              rules.setEnabled(true);
              rules.setConfigurations(Map.of("allowed", allowed));
            });
    return rules;
  }

  @Override
  public int getOrder() {
    return ORDER;
  }
}
