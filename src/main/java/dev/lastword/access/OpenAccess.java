package dev.lastword.access;

import dev.lastword.http.AllowedOrigins;
import dev.lastword.http.ListenAddress;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.runtime.server.EmbeddedServer;
import io.netty.util.NetUtil;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether requests without a key are accepted: as long as there is no key at all, and only
 * on loopback unless the operator allows other addresses.
 *
 * <p>A server that would be open to others does not start. This is checked when its bean is
 * created, before it listens; other commands create no server.
 *
 * <p>On loopback, each page that a user of this machine visits could call the service through the
 * browser. So pages of other origins are refused unless {@link AllowedOrigins} has them, and so are
 * host names that may be the page's own, pointed at this machine (DNS rebinding).
 */
@Singleton
class OpenAccess implements BeanCreatedEventListener<EmbeddedServer> {
  private final ListenAddress address;
  private final boolean open;
  private final AllowedOrigins origins;
  private final BeanProvider<KeyRepository> repository;

  /** Takes a provider, because it is created before the database is known. */
  OpenAccess(
      ListenAddress address,
      @Value("${lastword.open}") boolean open,
      AllowedOrigins origins,
      BeanProvider<KeyRepository> repository) {
    this.address = address;
    this.open = open;
    this.origins = origins;
    this.repository = repository;
  }

  @Override
  public EmbeddedServer onCreated(BeanCreatedEvent<EmbeddedServer> event) {
    if (!isAllowed() && !repository.get().exists()) {
      throw new ConfigurationException(
          "There is no API key, so anyone who can reach %s could read and write everything. Create a key (lastword keys create), listen on 127.0.0.1 (LASTWORD_HOST), or set LASTWORD_OPEN=true to allow it."
              .formatted(address.host()));
    }
    return event.getBean();
  }

  /** Returns whether requests need no key as long as there are no keys. */
  boolean isAllowed() {
    return open || address.isLoopback();
  }

  /**
   * Returns the sender of a request without a key.
   *
   * @throws AccessDeniedException if a page sent it that is not known to be of this machine
   */
  Caller anyone(HttpRequest<?> request) {
    if (!open) {
      String host = request.getHeaders().get(HttpHeaders.HOST);
      if (host != null && !isOfThisMachine(host)) {
        throw AccessDeniedException.foreignHost(host);
      }
      String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
      if (origin != null && !isSameOrigin(request, origin, host) && !origins.allows(origin)) {
        throw AccessDeniedException.foreignOrigin(origin);
      }
    }
    return Caller.ANYONE;
  }

  /** Names with a dot are in the DNS, where anybody can point one at this machine. */
  private static boolean isOfThisMachine(String host) {
    if (host.startsWith("[")) {
      return true; // an address of IPv6
    }
    int port = host.indexOf(':');
    String name = port < 0 ? host : host.substring(0, port);
    return name.indexOf('.') < 0 || NetUtil.isValidIpV4Address(name) || name.endsWith(".localhost");
  }

  /** A proxy may have changed the host, but browsers also state what they found. */
  private static boolean isSameOrigin(
      HttpRequest<?> request, String origin, @Nullable String host) {
    return "same-origin".equals(request.getHeaders().get("Sec-Fetch-Site"))
        || origin.substring(origin.indexOf("://") + 1).equals("//" + host);
  }
}
