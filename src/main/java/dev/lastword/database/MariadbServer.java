package dev.lastword.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of {@link EmbeddedDatabase}.
 *
 * <p>Windows has no shell to watch the pipe: there, the server outlives a killed process, and the
 * next start stops it.
 */
final class MariadbServer {

  private static final Logger LOG = LoggerFactory.getLogger(MariadbServer.class);

  /** Waits for the end of its input, while the server takes the place of the shell. */
  private static final String END_WITH_INPUT =
      """
      trap '' HUP
      exec 3<&0
      (cat <&3; kill $$) >/dev/null 2>&1 &
      exec "$0" "$@" 3<&- </dev/null
      """;

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final long PATIENCE_SECONDS = 60;

  private final Path data;
  private final DatabaseAddress address;
  private final List<String> command = new ArrayList<>();
  private @Nullable Process process;
  private boolean closed;

  MariadbServer(
      Path data, Path base, DatabaseAddress address, String port, Path sql, List<String> options) {
    this.data = data;
    this.address = address;
    if (!WINDOWS) {
      command.addAll(List.of("/bin/sh", "-c", END_WITH_INPUT));
    }
    command.addAll(command(base, tables(data)));
    command.addAll(
        List.of(
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=",
            "--init-file=" + sql,
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
            "--default-time-zone=+00:00",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=256M",
            "--max-allowed-packet=64M",
            "--max-connections=100"));
    command.addAll(options);
  }

  /** Stops a server that runs on this folder without an owner. */
  static void endLeftOver(Path data) throws IOException {
    Path file = pidFile(data);
    String pid = Files.exists(file) ? Files.readString(file).strip() : "";
    if (!pid.matches("\\d+")) {
      return;
    }
    Optional<ProcessHandle> leftOver =
        ProcessHandle.of(Long.parseLong(pid)).filter(process -> runsFrom(data, process));
    if (leftOver.isPresent()) {
      LOG.info("Stopping the database under {}, which a killed process left running", data);
      leftOver.get().destroy();
      awaitEnd(leftOver.get());
    }
    Files.delete(file);
  }

  /**
   * Creates the system tables if they are missing. Does the same as MariaDB's {@code
   * mysql_install_db}, which is a shell script or a program depending on the system, but creates no
   * account.
   */
  static void initialise(Path data, Path base) throws IOException {
    Files.createDirectories(data.resolve("tmp"));
    if (hasTables(data)) {
      return;
    }
    Path unfinished = data.resolve("tables.new");
    MariadbBinaries.delete(unfinished);
    Files.createDirectories(unfinished);
    List<String> command = command(base, unfinished);
    command.addAll(List.of("--bootstrap", "--enforce-storage-engine=", "--log-warnings=0"));
    Process bootstrap =
        new ProcessBuilder(command)
            .redirectInput(MariadbBinaries.systemTables(base, unfinished).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(data).toFile()))
            .start();
    bootstrap.onExit().join();
    if (bootstrap.exitValue() != 0) {
      throw new DatabaseFailure("MariaDB cannot create its tables.%n%s".formatted(lastLines(data)));
    }
    Files.move(unfinished, tables(data), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns whether the folder contains the tables of a server. */
  static boolean hasTables(Path data) {
    return Files.isDirectory(tables(data));
  }

  private static Path tables(Path data) {
    return data.resolve("tables");
  }

  /** Starts the server, and returns when it answers. */
  void start() throws IOException {
    Process first = launch();
    try {
      awaitAnswer(first);
    } catch (IOException | RuntimeException e) {
      first.destroyForcibly();
      throw e;
    }
    keepRunning(first);
  }

  synchronized void close() throws IOException {
    closed = true;
    if (process != null && process.isAlive()) {
      // A statement rather than a signal: Windows has none that lets the server finish.
      try (Connection connection = address.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      } catch (SQLException e) {
        process.destroy();
      }
      awaitEnd(process.toHandle());
    }
    Files.deleteIfExists(pidFile(data));
  }

  private synchronized Process launch() throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(data).toFile()))
            .start();
    process = started;
    Files.writeString(pidFile(data), Long.toString(started.pid()));
    return started;
  }

  private void awaitAnswer(Process started) throws IOException {
    long logged = System.nanoTime();
    while (!address.answers()) {
      if (!started.isAlive()) {
        throw new DatabaseFailure(
            "The database under %s failed to start (exit code %d).%n%s"
                .formatted(data, started.exitValue(), lastLines(data)));
      }
      if (System.nanoTime() - logged > TimeUnit.SECONDS.toNanos(10)) {
        logged = System.nanoTime();
        LOG.info("The database is still recovering its data, see {}", log(data));
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseFailure("Interrupted while the database was starting.", e);
      }
    }
  }

  private void keepRunning(Process running) {
    running
        .onExit()
        .thenRunAsync(this::restart, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
  }

  private synchronized void restart() {
    if (closed) {
      return;
    }
    LOG.warn("The database stopped and is restarted, see {}", log(data));
    try {
      keepRunning(launch());
    } catch (IOException e) {
      LOG.error("The database under {} cannot be restarted", data, e);
    }
  }

  private static List<String> command(Path base, Path tables) {
    List<String> command = new ArrayList<>();
    command.add(MariadbBinaries.server(base).toString());
    // Must be the first option: ignores the settings of other servers on this machine.
    command.add("--no-defaults");
    command.add("--basedir=" + base);
    command.add("--datadir=" + tables);
    // A server that starts deletes all temporary tables in this folder, even those of other
    // servers.
    command.add("--tmpdir=" + tables.resolveSibling("tmp"));
    // The server would generate a certificate, which took up to twenty seconds.
    command.add("--skip-ssl");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    return command;
  }

  /** Returns whether the process is such a server: process ids are reused. */
  private static boolean runsFrom(Path data, ProcessHandle process) {
    return process.info().command().filter(path -> Path.of(path).startsWith(data)).isPresent();
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      // Its commits are in its log; the next start recovers them.
      process.destroyForcibly();
    }
  }

  private static String lastLines(Path data) throws IOException {
    List<String> lines = Files.readAllLines(log(data));
    return "Last lines of %s:%n%s"
        .formatted(
            log(data),
            String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
  }

  private static Path log(Path data) {
    return data.resolve("mariadb.log");
  }

  private static Path pidFile(Path data) {
    return data.resolve("mariadb.pid");
  }
}
