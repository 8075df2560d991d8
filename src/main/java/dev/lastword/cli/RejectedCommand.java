package dev.lastword.cli;

import dev.lastword.event.DeadLetters;
import dev.lastword.event.DeadLetters.Rejected;
import dev.lastword.event.DeadLetters.Replayed;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lastword rejected}: lists and replays events that the database refused. */
@Command(
    name = "rejected",
    description = "Lists or replays valid events that the database refused.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|replay")
final class RejectedCommand implements Runnable {

  private static final int MAX_LISTED = 10_000;

  @Spec CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "Use list or replay.");
  }

  @Command(
      name = "list",
      description = "Lists time, topic, event id and reason, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin DatabaseOptions database,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "100",
              description = "1 to 10000 (${DEFAULT-VALUE})")
          int limit) {
    if (limit < 1 || limit > MAX_LISTED) {
      throw new ParameterException(
          command.commandLine(), "--limit must be from 1 to %d.".formatted(MAX_LISTED));
    }
    try (CommandContext context = new CommandContext(database.settings())) {
      List<Rejected> found =
          context.startWithoutJobs(context.database()).getBean(DeadLetters.class).newest(limit);
      PrintWriter out = command.commandLine().getOut();
      found.forEach(
          event ->
              out.printf(
                  "%sZ  %s  %s  %s%n",
                  event.rejectedAt(), event.topic(), event.eventId(), event.reason()));
      out.println(found.isEmpty() ? "None." : found.size() + " shown.");
      out.flush();
      return 0;
    }
  }

  @Command(
      name = "replay",
      description = "Ingests all of them again; exit code 1 if some are refused.",
      mixinStandardHelpOptions = true)
  int replay(@Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      Replayed replayed =
          context.startWithoutJobs(context.database()).getBean(DeadLetters.class).replay();
      PrintWriter out = command.commandLine().getOut();
      out.printf("%d stored, %d refused again.%n", replayed.stored(), replayed.refused());
      out.flush();
      return replayed.refused() == 0 ? 0 : 1;
    }
  }
}
