package dev.lastword.cli;

import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import picocli.CommandLine.Option;

/** The option of commands that work for one tenant. */
final class TenantOption {

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Tenant.DEFAULT,
      description = "owner of the rows (${DEFAULT-VALUE})")
  String name = Tenant.DEFAULT;

  /**
   * Finds the tenant.
   *
   * @throws ConfigurationException if there is none of this name
   */
  Tenant find(ApplicationContext beans) {
    return find(beans, name);
  }

  static Tenant find(ApplicationContext beans, String name) {
    return beans
        .getBean(Tenants.class)
        .find(name)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "There is no tenant '%s'. See: lastword tenants list".formatted(name)));
  }
}
