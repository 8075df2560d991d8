package dev.lastword.cli;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.http.ListenAddress;
import dev.lastword.simulation.Typist;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lastword demo}: simulated people type, and their searches are compared with the log. */
@Command(
    name = "demo",
    description = {
      "Lets simulated people type, and compares their searches with the log.",
      "They type in real time at a running service. With --days, what the visitors of a"
          + " simulated shop did on past days is written into the database instead.",
      "Searches of the demo stay in the log, so service and database must be on this machine."
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

  @Option(
      names = "--days",
      paramLabel = "COUNT",
      description = "past days to write, 1 to 366, and today until now")
  @Nullable Integer days;

  @Mixin TenantOption tenant = new TenantOption();
  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    if (days != null) {
      return write(days);
    }
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

  private int write(int count) throws IOException {
    try (CommandContext context = new CommandContext(database.settings())) {
      DatabaseAddress address = context.database();
      if (!address.hosts().stream().allMatch(ListenAddress::isLoopback)) {
        throw new ParameterException(
            command.commandLine(),
            "--db-url must be on this machine, because the demo's searches stay in the log.");
      }
      ApplicationContext beans = context.startWithoutJobs(address);
      new DemoHistory(seed, count, Instant.now())
          .importInto(beans, tenant.find(beans).id(), command.commandLine().getOut());
    }
    return 0;
  }

  private void check() {
    if (days != null && (days < 1 || days > 366)) {
      throw new ParameterException(command.commandLine(), "--days must be from 1 to 366.");
    }
    if (typists < 1 || typists > 1000 || seconds < 1 || seconds > 3600) {
      throw new ParameterException(
          command.commandLine(), "--typists must be from 1 to 1000, --seconds from 1 to 3600.");
    }
    if (url.getHost() == null || !ListenAddress.isLoopback(url.getHost())) {
      throw new ParameterException(
          command.commandLine(),
          "--url must be on this machine, because the demo's searches stay in the log.");
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
