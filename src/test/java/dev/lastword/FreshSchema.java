package dev.lastword;

import dev.lastword.database.DatabaseAddress;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.core.order.Ordered;
import java.util.Map;

/**
 * Gives each application context of the tests its own schema, unless it has a database, and a free
 * port.
 */
@ContextConfigurer
public final class FreshSchema implements ApplicationContextConfigurer {

  @Override
  public void configure(ApplicationContextBuilder builder) {
    // Any free port.
    builder.properties(Map.of("micronaut.server.port", -1));
  }

  @Override
  public void configure(ApplicationContext context) {
    Environment environment = context.getEnvironment();
    if (DatabaseAddress.from(environment).isEmpty()) {
      environment.addPropertySource(
          PropertySource.of(
              "schema",
              Map.copyOf(TestDatabase.settings(TestDatabase.create())),
              Ordered.HIGHEST_PRECEDENCE));
    }
  }
}
