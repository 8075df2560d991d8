package dev.lastword.access;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Decides whether requests without a key are accepted: as long as there is no key at all, and only
 * on loopback unless the operator allows other addresses.
 *
 * <p>A server that would be open to others does not start. This is checked when its bean is
 * created, before it listens; other commands create no server.
 */
@Singleton
class OpenAccess implements BeanCreatedEventListener<EmbeddedServer> {
  private final String host;
  private final boolean allowed;
  private final BeanProvider<KeyRepository> repository;

  /** Takes a provider, because it is created before the database is known. */
  OpenAccess(
      HttpServerConfiguration server,
      @Value("${lastword.open}") boolean open,
      BeanProvider<KeyRepository> repository) {
    this.host = server.getHost().orElse("0.0.0.0");
    this.allowed = open || isLoopback(host);
    this.repository = repository;
  }

  @Override
  public EmbeddedServer onCreated(BeanCreatedEvent<EmbeddedServer> event) {
    if (!allowed && !repository.get().exists()) {
      throw new ConfigurationException(
          "There is no API key, so anyone who can reach %s could read and write everything. Create a key (lastword keys create), listen on 127.0.0.1 (LASTWORD_HOST), or set LASTWORD_OPEN=true to allow it."
              .formatted(host));
    }
    return event.getBean();
  }

  /** Returns whether requests need no key as long as there are no keys. */
  boolean isAllowed() {
    return allowed;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
