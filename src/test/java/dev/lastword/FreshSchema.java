package dev.lastword;

import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import java.util.Map;

/**
 * Gives each application context of the tests its own schema, unless it has a database, and a free
 * port.
 */
@ContextConfigurer
public final class FreshSchema implements ApplicationContextConfigurer {

  @Override
  public void configure(ApplicationContextBuilder builder) {
    builder.properties(TestDatabase.settings(TestDatabase.create()));
    // Any free port.
    builder.properties(Map.of("micronaut.server.port", -1));
  }
}
