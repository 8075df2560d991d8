package dev.lastword.http;

import io.micronaut.http.server.HttpServerConfiguration;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The address that the server listens on. */
@Singleton
public final class ListenAddress {
  private final String host;
  private final boolean loopback;

  ListenAddress(HttpServerConfiguration server) {
    host = server.getHost().orElse("0.0.0.0");
    loopback = isLoopback(host);
  }

  public String host() {
    return host;
  }

  /** Returns whether only clients on this machine reach it. */
  public boolean isLoopback() {
    return loopback;
  }

  /** Returns whether a host, by name or address, is this machine alone. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
