package dev.lastword.cli;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.FirstConnection;
import dev.lastword.database.Migrations;
import dev.lastword.ops.PartitionMaintenance;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lastword migrate}: migrates the tables. */
@Command(
    name = "migrate",
    description = "Migrates the tables to the version of this program, like serve.",
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {

  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() {
    try (CommandContext context = new CommandContext(database.settings())) {
      DatabaseAddress address = context.database();
      FirstConnection.await(address);
      PrintWriter out = command.commandLine().getOut();
      for (var step : Migrations.run(address).migrations) {
        out.printf("%s  %s  (%d ms)%n", step.version, step.description, step.executionTime);
      }
      PartitionMaintenance.makeAll(address);
      out.printf(
          "The tables of %s are at version %s.%n",
          address.hostAndSchema(), Migrations.version(address).orElse("(none)"));
      out.flush();
      return 0;
    }
  }
}
