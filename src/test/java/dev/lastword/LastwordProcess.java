package dev.lastword;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs the program in a separate process, which a test may kill. */
public final class LastwordProcess {
  private static final Pattern LISTENS = Pattern.compile("Lastword listens on (\\S+), database .*");

  private LastwordProcess() {}

  public static ProcessBuilder command(String... args) {
    // Without the classes of the tests, which would configure the database of the tests.
    String classes =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for seconds, too short for the optimizing compiler.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", classes, Lastword.class.getName()));
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
}
