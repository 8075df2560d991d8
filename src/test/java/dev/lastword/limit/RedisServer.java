package dev.lastword.limit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** A real Redis on a port of its own: the one that is installed, else one from Maven. */
final class RedisServer implements AutoCloseable {
  private static final String PROGRAM = program();

  private final int port;
  private Process process;

  RedisServer(int port) throws IOException {
    this.port = port;
    this.process = run();
  }

  private static String program() {
    try {
      String installed = "redis-server";
      new ProcessBuilder(installed, "--version").start().waitFor();
      return installed;
    } catch (IOException e) {
      return embedded();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String embedded() {
    try {
      return ExecutableProvider.newJarResourceProvider().get().getPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
                    PROGRAM,
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
