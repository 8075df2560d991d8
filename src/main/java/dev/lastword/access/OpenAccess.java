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
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether requests without a key are accepted: as long as there is no key at all, and only
 * on loopback unless the operator allows other addresses.
 *
 * <p>A server that would be open to others does not start. This is checked when its bean is
 * created, before it listens; other commands create no server.
 */
@Singleton
class OpenAccess implements BeanCreatedEventListener<EmbeddedServer> {
  private static final CompletableFuture<Boolean> NO = CompletableFuture.completedFuture(false);

  private final String host;
  private final boolean mayBeOpen;
  private final BeanProvider<KeyRepository> repository;
  private final BeanProvider<KeyCache> keys;
  private volatile boolean closed;

  /** Takes providers, because it is created before the database is known. */
  OpenAccess(
      HttpServerConfiguration server,
      @Value("${lastword.open}") boolean allowed,
      BeanProvider<KeyRepository> repository,
      BeanProvider<KeyCache> keys) {
    this.host = server.getHost().orElse("0.0.0.0");
    this.mayBeOpen = allowed || isLoopback(host);
    this.repository = repository;
    this.keys = keys;
  }

  @Override
  public EmbeddedServer onCreated(BeanCreatedEvent<EmbeddedServer> event) {
    if (!mayBeOpen && !repository.get().exists()) {
      throw new ConfigurationException(
          "There is no API key, so anyone who can reach %s could read and write everything. Create a key (lastword keys create), listen on 127.0.0.1 (LASTWORD_HOST), or set LASTWORD_OPEN=true to allow it."
              .formatted(host));
    }
    return event.getBean();
  }

  /** Returns whether requests need no key. Once they do, they do until the process ends. */
  CompletableFuture<Boolean> isOpen() {
    if (closed || !mayBeOpen) {
      return NO;
    }
    return keys.get()
        .existence()
        .thenApply(
            exist -> {
              if (exist) {
                closed = true;
              }
              return !closed;
            });
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
