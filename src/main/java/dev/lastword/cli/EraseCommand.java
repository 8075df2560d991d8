package dev.lastword.cli;

import dev.lastword.access.Tenant;
import dev.lastword.erasure.Erasure;
import dev.lastword.erasure.Erasures;
import dev.lastword.http.TimeRange;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lastword erase}: removes a person. */
@Command(
    name = "erase",
    description = {
      "Erases a user from staging, logs and counts, while nodes run, and prints a receipt.",
      "Interrupted, it is resumed by nodes. What the user does later is new, and stays."
    },
    mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
  private static final long STEP = TimeUnit.SECONDS.toNanos(10);

  @CommandLine.Parameters(paramLabel = "USER", description = "the user's id")
  String userId = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "only what happened at this day or time, or later")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "only what happened before this day or time")
  @Nullable String to;

  @Mixin TenantOption tenant = new TenantOption();
  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() {
    try (CommandContext context = new CommandContext(database.settings())) {
      TimeRange range = TimeRange.parse(from, to);
      ApplicationContext beans = context.startWithoutJobs(context.database());
      Erasures erasures = beans.getBean(Erasures.class);
      Tenant owner = tenant.find(beans);
      long id = erasures.request(CommandContext.actor(), owner, userId, range);
      while (!erasures.run(id, STEP)) {
        command.commandLine().getErr().println("Erasing ...");
      }
      PrintWriter out = command.commandLine().getOut();
      out.println(receipt(erasures.find(id).orElseThrow()));
      out.flush();
      return 0;
    } catch (HttpStatusException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static String receipt(Erasure erasure) {
    Erasure.Erased erased = erasure.erased();
    return "Erasure %d, finished %s: staged %,d, searches %,d, events %,d, dead letters %,d, answers %,d, active days %,d."
        .formatted(
            erasure.id(),
            erasure.finishedAt(),
            erased.staged(),
            erased.searches(),
            erased.events(),
            erased.deadLetters(),
            erased.answers(),
            erased.activeDays());
  }
}
