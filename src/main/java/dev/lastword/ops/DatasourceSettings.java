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

  private static final String LANES = "lanes";

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
    if (pool.getName().equals(LANES)) {
      // The server keeps the few statements of the lanes prepared, one for each size of a batch,
      // and
      // need not read some thousand characters at each commit.
      pool.addDataSourceProperty("useServerPrepStmts", "true");
      pool.addDataSourceProperty("prepStmtCacheSize", "128");
      pool.addDataSourceProperty("prepStmtCacheSqlLimit", "65536");
    }
    return pool;
  }
}
