package dev.lastword.database;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A MariaDB server that belongs to this process, with its data in a folder that outlives it.
 *
 * <ol>
 *   <li>A lock on the folder prevents a second owner.
 *   <li>Programs and system tables are created under a temporary name and renamed when complete.
 *   <li>A server that a killed owner left running is stopped, and its data recovered.
 *   <li>The server listens on 127.0.0.1, on a free port, for one account, whose password is new
 *       with each start. Programs of the same user find both in {@code mariadb.cnf}, an option file
 *       for the command-line clients {@code mariadb} and {@code mysql}.
 *   <li>The server stops when the pipe from this process closes, so also when this process is
 *       killed. If the server dies, it is restarted.
 * </ol>
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final String LOGIN = "mariadb.cnf";
  private static final String ACCOUNT = "mariadb.sql";

  private final Path data;
  private final FileChannel lock;
  private final DatabaseAddress address;
  private final MariadbServer server;
  private boolean closed;

  private EmbeddedDatabase(
      Path data, FileChannel lock, DatabaseAddress address, MariadbServer server) {
    this.data = data;
    this.lock = lock;
    this.address = address;
    this.server = server;
  }

  /**
   * Starts the server and waits until it answers, however long it takes to recover its data.
   *
   * @param data the folder, created if it is missing
   * @param options more options of {@code mariadbd}
   * @throws DatabaseFailure if there are no programs for this system, if another process owns the
   *     folder, or if the server ends
   */
  public static EmbeddedDatabase start(Path data, String... options) {
    Path jar =
        MariadbBinaries.jar()
            .orElseThrow(
                () ->
                    new DatabaseFailure(
                        "Lastword does not include MariaDB for this system:"
                            + " set LASTWORD_DB_URL to a MySQL or MariaDB database."));
    try {
      Path folder = Files.createDirectories(data).toRealPath();
      FileChannel lock = lock(folder);
      try {
        return start(folder, lock, jar, List.of(options));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DatabaseFailure("The database under %s cannot start: %s".formatted(data, e), e);
    }
  }

  /**
   * Starts the server of a folder that already contains a database.
   *
   * @throws DatabaseFailure if it contains none, or as {@link #start} does
   */
  public static EmbeddedDatabase startExisting(Path data) {
    if (!MariadbServer.hasTables(data)) {
      throw new DatabaseFailure(
          "There is no database in %s: name its folder (--data), or another database (--db-url)."
              .formatted(data));
    }
    return start(data);
  }

  /** Returns the server that another process runs on this folder. */
  public static Optional<DatabaseAddress> running(Path data) {
    Properties login = new Properties();
    try (var file = Files.newBufferedReader(data.resolve(LOGIN))) {
      login.load(file);
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(address(login.getProperty("port"), login.getProperty("password")))
        .filter(DatabaseAddress::answers);
  }

  /** Returns the address of the server. */
  public DatabaseAddress address() {
    return address;
  }

  /** Shuts the server down and releases the folder. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.close();
      Files.deleteIfExists(data.resolve(LOGIN));
      Files.deleteIfExists(data.resolve(ACCOUNT));
      lock.close();
    } catch (IOException e) {
      throw new DatabaseFailure("The database under %s did not end: %s".formatted(data, e), e);
    }
  }

  private static EmbeddedDatabase start(Path data, FileChannel lock, Path jar, List<String> options)
      throws IOException {
    MariadbServer.endLeftOver(data);
    Path base = MariadbBinaries.unpack(jar, data);
    MariadbServer.initialise(data, base);
    String port = Integer.toString(freePort());
    String password = password();
    // The server runs this before it accepts connections; without it, there is no account at all.
    writeSecret(
        data.resolve(ACCOUNT),
        """
        CREATE OR REPLACE USER lastword@'127.0.0.1' IDENTIFIED BY '%s';
        GRANT ALL PRIVILEGES ON *.* TO lastword@'127.0.0.1' WITH GRANT OPTION;
        CREATE DATABASE IF NOT EXISTS lastword CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        """
            .formatted(password));
    writeSecret(
        data.resolve(LOGIN),
        """
        # mariadb --defaults-file=mariadb.cnf lastword
        [client]
        host=127.0.0.1
        port=%s
        user=lastword
        password=%s
        skip-ssl
        """
            .formatted(port, password));
    DatabaseAddress address = address(port, password);
    MariadbServer server =
        new MariadbServer(data, base, address, port, data.resolve(ACCOUNT), options);
    server.start();
    return new EmbeddedDatabase(data, lock, address, server);
  }

  private static DatabaseAddress address(String port, String password) {
    return DatabaseAddress.parse(
        "mysql://127.0.0.1:" + port + "/lastword?sslMode=DISABLED", "lastword", password);
  }

  private static FileChannel lock(Path data) throws IOException {
    FileChannel channel =
        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process holds it, which is the same for the caller.
    }
    channel.close();
    throw new DatabaseFailure(
        "Another Lastword runs with the data under %s: end it, or give this one another folder"
                .formatted(data)
            + " (--data) or another database (LASTWORD_DB_URL).");
  }

  /**
   * Returns a free port below those that systems assign to clients, so that no client takes it
   * first.
   */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (BindException taken) {
        // tries the next one
      }
    }
  }

  private static String password() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Writes a file that only this user can read, from its first byte on. */
  private static void writeSecret(Path file, String content) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Files.deleteIfExists(file);
    Files.createFile(
        file,
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0]);
    Files.writeString(file, content);
  }
}
