package dev.lastword.cli;

import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lastword tenants}: creates and lists tenants. */
@Command(
    name = "tenants",
    description = "Creates or lists tenants, whose rows, counts and keys are kept apart.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create|list")
final class TenantsCommand implements Runnable {
  private static final int PAGE = 1_000;

  @Spec CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "Use create or list.");
  }

  @Command(name = "create", description = "Creates a tenant.", mixinStandardHelpOptions = true)
  int create(
      @Parameters(
              paramLabel = "NAME",
              description = "1 to 64 lower-case letters, digits and hyphens")
          String name,
      @Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      Optional<Tenant> created =
          context
              .startWithoutJobs(context.database())
              .getBean(Tenants.class)
              .create(CommandContext.actor(), name);
      if (created.isEmpty()) {
        throw new ConfigurationException("There is a tenant '%s' already.".formatted(name));
      }
      PrintWriter out = command.commandLine().getOut();
      out.printf("Created tenant %s.%n", name);
      out.flush();
      return 0;
    } catch (HttpStatusException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  @Command(
      name = "list",
      description = "Lists tenants: id, time of creation, name.",
      mixinStandardHelpOptions = true)
  int list(@Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      Tenants tenants = context.startWithoutJobs(context.database()).getBean(Tenants.class);
      PrintWriter out = command.commandLine().getOut();
      for (List<Tenant> page = tenants.list("", PAGE); !page.isEmpty(); ) {
        page.forEach(
            tenant -> out.printf("%d  %s  %s%n", tenant.id(), tenant.createdAt(), tenant.name()));
        page = tenants.list(page.get(page.size() - 1).name(), PAGE);
      }
      out.flush();
      return 0;
    }
  }
}
