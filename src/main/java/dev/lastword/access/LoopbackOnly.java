package dev.lastword.access;

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
 * Refuses to start a server without keys on an address that others can reach. It checks when the
 * server bean is created, before the server listens; other commands create no server.
 */
@Singleton
public final class LoopbackOnly implements BeanCreatedEventListener<EmbeddedServer> {

  private final String host;
  private final boolean open;

  LoopbackOnly(HttpServerConfiguration server, @Value("${lastword.open}") boolean open) {
    this.host = server.getHost().orElse("0.0.0.0");
    this.open = open;
  }

  @Override
  public EmbeddedServer onCreated(BeanCreatedEvent<EmbeddedServer> event) {
    check(host, open);
    return event.getBean();
  }

  /**
   * Checks an address.
   *
   * @param open whether the operator allows any address
   * @throws ConfigurationException if others can reach the address
   */
  public static void check(String host, boolean open) {
    if (!open && !isLoopback(host)) {
      throw new ConfigurationException(
          "Anyone who can reach %s could read and write everything. Listen on 127.0.0.1 (LASTWORD_HOST),"
                  .formatted(host)
              + " or set LASTWORD_OPEN=true to allow it.");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
