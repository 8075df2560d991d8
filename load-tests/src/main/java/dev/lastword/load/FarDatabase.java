package dev.lastword.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy of a database server that delays all bytes, each way, without limiting their rate. */
final class FarDatabase implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

  private final ServerSocket listener;
  private final String host;
  private final int port;
  private final String url;
  private volatile long delay;

  /** Bytes that arrive at {@code at}, a value of {@link System#nanoTime()}; none at the end. */
  private record Chunk(byte[] bytes, long at) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(at, ((Chunk) other).at);
    }
  }

  FarDatabase(String near) throws IOException {
    Matcher address = ADDRESS.matcher(near);
    if (!address.find()) {
      throw new IllegalArgumentException(near);
    }
    host = address.group(1);
    port = Integer.parseInt(address.group(2));
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    url = address.replaceFirst("//127.0.0.1:" + listener.getLocalPort() + "/");
    start(this::accept);
  }

  /** Returns the JDBC URL that leads through this proxy. */
  String url() {
    return url;
  }

  /**
   * @param millis each way, of what is sent from now on
   */
  void moveTo(long millis) {
    delay = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(host, port);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        pump(client, server);
        pump(server, client);
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(Socket from, Socket to) {
    DelayQueue<Chunk> underWay = new DelayQueue<>();
    start(() -> read(from, underWay));
    start(() -> write(underWay, to));
  }

  private void read(Socket from, DelayQueue<Chunk> underWay) {
    byte[] buffer = new byte[1 << 16];
    int length = 0;
    while (length >= 0) {
      try {
        length = from.getInputStream().read(buffer);
      } catch (IOException closed) {
        length = -1;
      }
      underWay.add(
          new Chunk(Arrays.copyOf(buffer, Math.max(0, length)), System.nanoTime() + delay));
    }
  }

  private static void write(DelayQueue<Chunk> underWay, Socket to) {
    try (to) {
      for (Chunk chunk = underWay.take(); chunk.bytes.length > 0; chunk = underWay.take()) {
        to.getOutputStream().write(chunk.bytes);
      }
    } catch (IOException | InterruptedException closed) {
      // the other side learns it by its next bytes
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "far-database");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
