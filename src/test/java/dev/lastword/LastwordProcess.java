package dev.lastword;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the program in a separate process, which a test may kill. */
public final class LastwordProcess {
  private static final Pattern LISTENS = Pattern.compile("Lastword listens on (\\S+), database .*");

  private LastwordProcess() {}

  public static ProcessBuilder command(String... args) {
    return command(Archive.OPTIONS, args);
  }

  private static ProcessBuilder command(List<String> options, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(Lastword.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("LASTWORD_"));
    return builder;
  }

  public static Process start(String... args) throws IOException {
    return command(args).start();
  }

  /** Returns a port of this machine that nothing listens on. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it listens, and returns its URL. */
  public static URI address(Process node) {
    return node.inputReader()
        .lines()
        .map(LISTENS::matcher)
        .filter(Matcher::matches)
        .map(match -> URI.create(match.group(1)))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Class data sharing (CDS), which halves the CPU time of a start. It needs the classes of the
   * product in a jar, and an archive that a first node writes when it ends.
   */
  private static final class Archive {
    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    // In the same folder, so that it finds the programs of MariaDB.
    private static final Path JAR = CLASSES.resolveSibling("classes.jar");
    private static final Path ARCHIVE = CLASSES.resolveSibling("classes.jsa");

    static final List<String> OPTIONS = options();

    private static List<String> options() {
      // It lives for seconds, too short for the optimizing compiler.
      List<String> options =
          List.of(
              "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:cds*=off", "-cp", classPath());
      try {
        BuildLock.run(
            () -> {
              if (!isUpToDate()) {
                Files.deleteIfExists(ARCHIVE);
                ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(
                        System.err,
                        System.err,
                        "--create",
                        "--file",
                        JAR.toString(),
                        "-C",
                        CLASSES.toString(),
                        ".");
                write(options);
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Stream.concat(Stream.of("-XX:SharedArchiveFile=" + ARCHIVE), options.stream())
          .toList();
    }

    /**
     * Returns the class path of the tests without their own classes, which configure a database.
     */
    private static String classPath() {
      return Arrays.stream(
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                  .split(File.pathSeparator))
          .filter(entry -> !Path.of(entry).endsWith("test-classes"))
          .map(entry -> Path.of(entry).endsWith("classes") ? JAR.toString() : entry)
          .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isUpToDate() throws IOException {
      if (!Files.exists(JAR)) {
        return false;
      }
      FileTime made = Files.getLastModifiedTime(JAR);
      try (Stream<Path> files = Files.walk(CLASSES)) {
        for (Path file : files.toList()) {
          if (Files.getLastModifiedTime(file).compareTo(made) > 0) {
            return false;
          }
        }
      }
      return true;
    }

    private static void write(List<String> options) throws IOException {
      Path data = BuildLock.SHARED.resolve("archive-data");
      TestDatabase.createData(data);
      List<String> all = new ArrayList<>(options);
      all.add("-XX:ArchiveClassesAtExit=" + ARCHIVE);
      Process node = command(all, "serve", "--port", "0", "--data", data.toString()).start();
      try (InputStream answer = address(node).resolve("/searches").toURL().openStream()) {
        answer.readAllBytes();
      }
      node.destroy();
      node.onExit().join();
    }
  }
}
