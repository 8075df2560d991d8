package dev.lastword.cli;

import dev.lastword.access.ApiKey;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.http.Parameters;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lastword keys}: creates, lists and revokes API keys. */
@Command(
    name = "keys",
    description = {
      "Creates, lists or revokes API keys.",
      "Without any key, the service is open on loopback. With the first one, it closes."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create|list|revoke")
final class KeysCommand implements Runnable {
  private static final int PAGE = 1_000;

  @Spec CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "Use create, list or revoke.");
  }

  @Command(
      name = "create",
      description = "Creates a key and prints it. It is not stored, and cannot be shown again.",
      mixinStandardHelpOptions = true)
  int create(
      @Option(
              names = "--scope",
              paramLabel = "SCOPES",
              required = true,
              description = "write, read or admin; several are separated by commas")
          String scopes,
      @Option(
              names = "--topics",
              paramLabel = "TOPICS",
              description = "of events that it may write, separated by commas (all)")
          @Nullable String topics,
      @Option(
              names = "--origins",
              paramLabel = "ORIGINS",
              description = "of pages that may use it, separated by commas (anyone)")
          @Nullable String origins,
      @Option(
              names = "--signs",
              description = "the key signs requests, and is refused if it is sent")
          boolean signs,
      @Option(
              names = "--label",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "who uses it, up to 100 characters")
          String label,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              description = "a duration (90d), a day or a time (never)")
          @Nullable String expires,
      @Mixin TenantOption tenant,
      @Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      Set<Scope> chosen = Scope.parse("scope", List.of(scopes.split("\\s*,\\s*")));
      KeyRestrictions restrictions = KeyRestrictions.of(list(topics), list(origins));
      Instant end = expires == null ? null : end(expires);
      ApplicationContext beans = context.startWithoutJobs(context.database());
      Keys.Created created =
          beans
              .getBean(Keys.class)
              .create(
                  CommandContext.actor(),
                  tenant.find(beans),
                  chosen,
                  restrictions,
                  signs,
                  label,
                  end);
      // The key alone, so that a script can take it.
      PrintWriter out = command.commandLine().getOut();
      out.println(created.text());
      out.flush();
      return 0;
    } catch (HttpStatusException e) {
      throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private static @Nullable List<String> list(@Nullable String values) {
    return values == null ? null : List.of(values.split(",", -1));
  }

  private static Instant end(String expires) {
    return ConversionService.SHARED
        .convert(expires, Duration.class)
        .map(duration -> Instant.now().plus(duration))
        .orElseGet(() -> Parameters.time("expires", expires));
  }

  @Command(
      name = "list",
      description =
          "Lists keys: id, tenant, scopes and restrictions, state, expiry, last use, whether it signs, label.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--tenant",
              paramLabel = "NAME",
              description = "only keys of this tenant (all)")
          @Nullable String tenant,
      @Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      ApplicationContext beans = context.startWithoutJobs(context.database());
      Keys keys = beans.getBean(Keys.class);
      Integer tenantId = tenant == null ? null : TenantOption.find(beans, tenant).id();
      PrintWriter out = command.commandLine().getOut();
      for (List<ApiKey> page = keys.list(tenantId, null, PAGE); !page.isEmpty(); ) {
        page.forEach(key -> out.println(line(key)));
        page = keys.list(tenantId, page.get(page.size() - 1), PAGE);
      }
      out.flush();
      return 0;
    }
  }

  private static String line(ApiKey key) {
    return "%s  %s  %s  %s  expires %s  used %s  %s%s"
        .formatted(
            key.id(),
            key.tenant(),
            String.join(",", Scope.names(key.scopes())) + key.restrictions(),
            key.state().name().toLowerCase(Locale.ROOT),
            key.expiresAt() == null ? "never" : key.expiresAt(),
            key.lastUsedAt() == null ? "never" : key.lastUsedAt(),
            key.signs() ? "signs requests  " : "",
            key.label())
        .strip();
  }

  @Command(
      name = "revoke",
      description = "Revokes a key. All nodes refuse it within five seconds.",
      mixinStandardHelpOptions = true)
  int revoke(
      @CommandLine.Parameters(
              paramLabel = "ID",
              description = "the readable part of the key, between lw_ and the next _")
          String id,
      @Mixin DatabaseOptions database) {
    try (CommandContext context = new CommandContext(database.settings())) {
      Keys keys = context.startWithoutJobs(context.database()).getBean(Keys.class);
      ApiKey key =
          keys.find(id)
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "There is no key '%s'. See: lastword keys list".formatted(id)));
      PrintWriter out = command.commandLine().getOut();
      out.println(line(keys.revoke(CommandContext.actor(), key)));
      out.flush();
      return 0;
    }
  }
}
