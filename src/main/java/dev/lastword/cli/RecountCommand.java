package dev.lastword.cli;

import dev.lastword.rollup.Recount;
import io.micronaut.context.ApplicationContext;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lastword recount}: counts the logs anew. */
@Command(
    name = "recount",
    description =
        "Counts the logs anew, while nodes run. Days that retention has dropped keep their counts.",
    mixinStandardHelpOptions = true)
final class RecountCommand implements Callable<Integer> {

  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() {
    try (CommandContext context = new CommandContext(database.settings())) {
      ApplicationContext beans = context.startWithoutJobs(context.database());
      Recount recount = beans.getBean(Recount.class);
      SortedSet<LocalDate> days = recount.days();
      Recount.Rows sum = Recount.Rows.NONE;
      int done = 0;
      try (Progress progress = new Progress(command.commandLine().getErr(), "days", days.size())) {
        for (LocalDate day : days) {
          sum = sum.plus(recount.day(day));
          progress.to(++done);
        }
      }
      PrintWriter out = command.commandLine().getOut();
      out.printf(
          "Recounted %,d searches and %,d events; days: %,d.%n",
          sum.searches(), sum.events(), days.size());
      out.flush();
      return 0;
    }
  }
}
