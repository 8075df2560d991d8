package dev.lastword.ops;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.env.Environment;
import io.micronaut.context.event.BeanInitializedEventListener;
import io.micronaut.context.event.BeanInitializingEvent;
import io.micronaut.context.exceptions.ConfigurationException;
import jakarta.inject.Singleton;

/** Hands {@link DatabaseAddress} to the pool, before the pool asks for it. */
@Singleton
class DatasourceSettings implements BeanInitializedEventListener<DatasourceConfiguration> {

  private final Environment settings;

  DatasourceSettings(Environment settings) {
    this.settings = settings;
  }

  @Override
  public DatasourceConfiguration onInitialized(
      BeanInitializingEvent<DatasourceConfiguration> event) {
    DatabaseAddress database =
        DatabaseAddress.from(settings)
            .orElseThrow(() -> new ConfigurationException("lastword.db.url is not set."));
    DatasourceConfiguration pool = event.getBean();
    pool.setUrl(database.url());
    pool.setUsername(database.user());
    pool.setPassword(database.password());
    return pool;
  }
}
