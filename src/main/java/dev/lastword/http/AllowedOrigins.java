package dev.lastword.http;

import dev.lastword.row.Text;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.server.cors.CorsOriginConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The origins whose pages may call the service from a browser, beside its own: those of setting
 * {@value #SETTING}. Without the setting, pages of this machine may, if the service listens on
 * loopback.
 */
@Singleton
public final class AllowedOrigins {
  private static final String SETTING = "lastword.cors-origins";
  private static final String ANY = "*";
  private static final String ANY_SUBDOMAIN = "://*.";

  private static final String NAME = "[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*";
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(?:(?:\\*\\.)?" + NAME + "|\\[[0-9a-f:.]+])(?::\\d{1,5})?");
  private static final String OF_THIS_MACHINE =
      "https?://(?:localhost|" + NAME + "\\.localhost|127\\.0\\.0\\.1|\\[::1])(?::\\d+)?";

  /** Headers of responses that scripts of these pages may read. */
  private static final List<String> READABLE =
      List.of(
          "ETag",
          "Idempotency-Replayed",
          "Lastword-As-Of",
          "Lastword-Source",
          "RateLimit",
          "RateLimit-Policy",
          "Retry-After",
          "WWW-Authenticate",
          "X-RateLimit-Remaining");

  private final boolean any;
  private final List<String> exact;
  private final @Nullable Pattern pattern;

  @Inject
  AllowedOrigins(@Nullable @Property(name = SETTING) String setting, ListenAddress listenAddress) {
    this(setting, listenAddress.isLoopback());
  }

  AllowedOrigins(@Nullable String setting, boolean loopback) {
    List<String> origins = setting == null ? List.of() : parse(setting);
    List<String> patterns =
        origins.stream()
            .filter(origin -> origin.contains(ANY_SUBDOMAIN))
            .map(AllowedOrigins::pattern)
            .collect(Collectors.toCollection(ArrayList::new));
    if (setting == null && loopback) {
      patterns.add(OF_THIS_MACHINE);
    }
    any = origins.contains(ANY);
    exact = origins.stream().filter(origin -> !origin.contains(ANY)).toList();
    pattern = patterns.isEmpty() ? null : Pattern.compile(String.join("|", patterns));
  }

  /** Returns these origins and no others, which {@link #parse} has returned. */
  public static AllowedOrigins of(List<String> origins) {
    return new AllowedOrigins(String.join(",", origins), false);
  }

  /**
   * Parses a list of origins.
   *
   * @return origins as browsers write them; {@code https://*.example.com} means all subdomains
   * @throws IllegalArgumentException if one is not an origin
   */
  public static List<String> parse(String list) {
    return Text.elements(list).map(AllowedOrigins::origin).toList();
  }

  private static String origin(String text) {
    String origin = text.toLowerCase(Locale.ROOT);
    if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException(text);
    }
    return withoutDefaultPort(origin);
  }

  /** Returns whether pages of an origin may call the service. */
  public boolean allows(String origin) {
    return any || exact.contains(origin) || pattern != null && pattern.matcher(origin).matches();
  }

  /**
   * Returns the rules for the framework's filter. Cookies are not accepted from other origins,
   * since any of their scripts could then act for the user; pages there use a key or a token.
   *
   * @return empty if no other origin is allowed
   */
  Optional<CorsOriginConfiguration> configuration() {
    if (!any && exact.isEmpty() && pattern == null) {
      return Optional.empty();
    }
    var rules = new CorsOriginConfiguration();
    if (!any) {
      rules.setAllowedOrigins(exact);
      rules.setAllowedOriginsRegex(pattern == null ? null : pattern.pattern());
    }
    rules.setAllowCredentials(false);
    rules.setExposedHeaders(READABLE);
    return Optional.of(rules);
  }

  private static String withoutDefaultPort(String origin) {
    if (origin.startsWith("https:")) {
      return origin.replaceFirst(":443$", "");
    }
    return origin.replaceFirst(":80$", "");
  }

  private static String pattern(String origin) {
    int star = origin.indexOf(ANY);
    return Pattern.quote(origin.substring(0, star))
        + NAME
        + Pattern.quote(origin.substring(star + 1));
  }
}
