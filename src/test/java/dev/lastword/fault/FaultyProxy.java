package dev.lastword.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A proxy of a database server, which a test can move away, block or cut. */
public final class FaultyProxy implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

  private final String host;
  private final int port;
  private final String url;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Duration delay = Duration.ZERO;
  private boolean blocked;
  private @Nullable String heldText;
  private @Nullable Socket muted;
  private boolean held;

  public FaultyProxy(String url) throws IOException {
    Matcher address = ADDRESS.matcher(url);
    if (!address.find()) {
      throw new IllegalArgumentException(url);
    }
    host = address.group(1);
    port = Integer.parseInt(address.group(2));
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.url = address.replaceFirst("//127.0.0.1:" + listener.getLocalPort() + "/");
    threads.execute(this::serve);
  }

  /** Returns the JDBC URL that leads through this proxy. */
  public String url() {
    return url;
  }

  /** Delays what is sent from now on, each way. */
  public void delay(Duration time) {
    delay = time;
  }

  /** Blocks all bytes; connections stay open, and new ones are accepted. */
  public synchronized void block() {
    blocked = true;
  }

  public synchronized void unblock() {
    blocked = false;
    heldText = null;
    notifyAll();
  }

  /** Holds back all answers to a connection after it has sent a statement with this text. */
  public synchronized void holdAnswersTo(String text) {
    heldText = text;
    held = false;
  }

  /** Returns whether an answer is being held back. */
  public synchronized boolean holdsAnAnswer() {
    return held;
  }

  /** Breaks all connections; new ones work. */
  public void breakConnections() throws IOException {
    unblock();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Breaks all connections, and accepts no new ones. */
  public void cut() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    unblock();
    cut();
    threads.shutdownNow();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(host, port);
        sockets.add(client);
        sockets.add(server);
        if (listener.isClosed()) { // cut, perhaps before it knew of these two
          client.close();
          server.close();
          return;
        }
        threads.execute(() -> pump(client, server));
        threads.execute(() -> pump(server, client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(Socket from, Socket to) {
    // Larger than a batch, so that one is delayed once.
    byte[] buffer = new byte[4 << 20];
    try (from;
        to) {
      int length;
      while ((length = from.getInputStream().read(buffer)) > 0) {
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        waitWhileBlocked();
        if (!mayPass(from, to, new String(buffer, 0, length, StandardCharsets.ISO_8859_1))) {
          return;
        }
        to.getOutputStream().write(buffer, 0, length);
      }
    } catch (IOException | InterruptedException closed) {
      // one side has closed, so the other closes
    }
  }

  /** Returns whether bytes may pass; an answer that is held back never does. */
  private synchronized boolean mayPass(Socket from, Socket to, String text)
      throws InterruptedException {
    if (to == muted) {
      held = true;
      while (heldText != null) {
        wait();
      }
      return false;
    }
    if (heldText != null && muted == null && text.contains(heldText)) {
      muted = from;
    }
    return true;
  }

  private synchronized void waitWhileBlocked() throws InterruptedException {
    while (blocked) {
      wait();
    }
  }
}
