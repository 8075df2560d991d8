package dev.lastword.limit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** A real Redis on a port of its own. Where {@code redis-server} cannot be started, tests fail. */
final class RedisServer implements AutoCloseable {
  private final int port;
  private Process process;

  RedisServer(int port) throws IOException {
    this.port = port;
    this.process = run();
  }

  static String uri(int port) {
    return "redis://127.0.0.1:" + port;
  }

  String uri() {
    return uri(port);
  }

  private Process run() throws IOException {
    Process started =
        new ProcessBuilder(
                List.of(
                    "redis-server",
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await().until(this::listens);
    return started;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void restart() throws IOException {
    process = run();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Sends a signal, such as STOP. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    kill();
  }
}
