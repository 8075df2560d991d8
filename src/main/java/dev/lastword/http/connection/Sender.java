package dev.lastword.http.connection;

import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Names the sender of a request before anything is checked, so that bodies of one sender cannot
 * take the memory for those of all others.
 */
public interface Sender {

  /**
   * Returns the name. Never blocks: it runs on the connection's thread.
   *
   * @param client the other end of the connection
   * @return null if there is none to tell senders apart by
   */
  @Nullable String of(HttpRequest request, InetAddress client);
}
