package dev.lastword.cli;

import dev.lastword.simulation.Typist;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lastword demo}: simulated people type, and their searches are compared with the log. */
@Command(
    name = "demo",
    description = {
      "Lets simulated people type, and compares their searches with the log.",
      "They type in real time at a running service. Their searches stay in the log, so it must be"
          + " a service on this machine."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code 0: no searches were lost, 1: some were."})
final class DemoCommand implements Callable<Integer> {

  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(500);

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      paramLabel = "URL",
      description = "URL of the service (${DEFAULT-VALUE})")
  URI url = URI.create("");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "${env:LASTWORD_KEY}",
      description = "API key of scopes write and read, if the service has keys (LASTWORD_KEY)")
  @Nullable String key;

  @Option(
      names = "--typists",
      defaultValue = "12",
      paramLabel = "COUNT",
      description = "1 to 1000 (${DEFAULT-VALUE})")
  int typists;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      paramLabel = "COUNT",
      description = "1 to 3600 (${DEFAULT-VALUE})")
  int seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "NUMBER",
      description = "seed of the simulation (${DEFAULT-VALUE})")
  long seed;

  @Spec CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter out = command.commandLine().getOut();
    LastwordClient client = new LastwordClient(url, key);
    try {
      client.staged();
    } catch (ConnectException e) {
      command
          .commandLine()
          .getErr()
          .printf("No service at %s. Start one with: lastword serve%n", url);
      return 1;
    }
    List<DemoSession> sessions =
        IntStream.rangeClosed(1, typists)
            .mapToObj(
                typist ->
                    DemoSession.of(
                        typist,
                        new Typist(seed * 1000 + typist).session(Duration.ofSeconds(seconds))))
            .toList();
    int unanswered = new DemoTyping(client, sessions).run(out);
    boolean settled = settle(client, sessions);
    boolean complete = new DemoTable(out).print(client, sessions);
    if (unanswered > 0) {
      out.printf("%d keystrokes failed.%n", unanswered);
    }
    if (!settled) {
      out.printf("Some searches were still staged after %d s.%n", SETTLES_WITHIN.toSeconds());
    }
    out.flush();
    return unanswered == 0 && settled && complete ? 0 : 1;
  }

  private void check() {
    if (typists < 1 || typists > 1000 || seconds < 1 || seconds > 3600) {
      throw new ParameterException(
          command.commandLine(), "--typists must be from 1 to 1000, --seconds from 1 to 3600.");
    }
    if (url.getHost() == null || !isLoopback(url.getHost())) {
      throw new ParameterException(
          command.commandLine(),
          "--url must be on this machine, because the demo's searches stay in the log.");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Waits until all searches of the demo are promoted. */
  private static boolean settle(LastwordClient client, List<DemoSession> sessions)
      throws IOException, InterruptedException {
    Set<String> ids = sessions.stream().map(DemoSession::id).collect(Collectors.toSet());
    Instant end = Instant.now().plus(SETTLES_WITHIN);
    while (client.staged().stream().anyMatch(staged -> ids.contains(staged.sessionId()))) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      Thread.sleep(POLL.toMillis());
    }
    return true;
  }
}
