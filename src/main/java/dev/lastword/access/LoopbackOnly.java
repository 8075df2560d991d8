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
 * Keeps a server without keys from being open to others unasked. It looks when the server is made,
 * before it listens; commands that serve nothing make none.
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
   * Says no to an address that others reach.
   *
   * @param open whether that is meant
   * @throws ConfigurationException with a message for the operator
   */
  public static void check(String host, boolean open) {
    if (!open && !isLoopback(host)) {
      throw new ConfigurationException(
          "Anyone who reaches %s could read and write everything: listen on 127.0.0.1 (LASTWORD_HOST),"
                  .formatted(host)
              + " or set LASTWORD_OPEN=true if that is meant.");
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
