package dev.lastword.database;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.env.Environment;
import io.micronaut.context.event.BeanInitializedEventListener;
import io.micronaut.context.event.BeanInitializingEvent;
import io.micronaut.context.exceptions.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Configures the address and the size of each connection pool.
 *
 * <p>There are three pools, so that no kind of work can take the connections of another: {@code
 * lanes} writes keystrokes, {@code reads} answers queries, and {@code default} is for the lanes of
 * events, jobs and idempotency keys. Connections that write wait at most a second for a lock, and
 * the server closes a session that has been idle for 20 s, so that a node that freezes in a
 * transaction loses its locks.
 */
@Singleton
class DatasourceSettings implements BeanInitializedEventListener<DatasourceConfiguration> {

  private static final String LANES = "lanes";
  private static final String READS = "reads";
  // Promotion, sequencer, cleanups and gauges, locks, health, idempotency keys.
  private static final int JOBS = 10;
  private static final long SHORTEST_WAIT = 250; // ms; the pool takes no less
  // Reads consist of short statements. If one takes longer, the database hangs.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
  private static final String WRITE_SESSION =
      "innodb_lock_wait_timeout=1,wait_timeout=20,net_write_timeout=10";

  static {
    // The pool closes idle connections after 10 s, before the server does after 20 s. By default it
    // would check only every 30 s.
    System.setProperty("com.zaxxer.hikari.housekeeping.periodMs", "5000");
  }

  private final Environment settings;
  private final int lanes;
  private final Duration maxWait;

  DatasourceSettings(Environment settings) {
    this.settings = settings;
    this.lanes = settings.getRequiredProperty("lastword.lanes", Integer.class);
    this.maxWait = settings.getRequiredProperty("lastword.max-wait", Duration.class);
  }

  @Override
  public DatasourceConfiguration onInitialized(
      BeanInitializingEvent<DatasourceConfiguration> event) {
    DatabaseAddress database =
        DatabaseAddress.from(settings)
            .orElseThrow(() -> new ConfigurationException("lastword.db.url is not set."));
    DatasourceConfiguration pool = event.getBean();
    pool.setPoolName(pool.getName());
    pool.setUrl(database.url());
    pool.setUsername(database.user());
    pool.setPassword(database.password());
    // By default, a request would wait 30 s for a connection while the database is unavailable.
    pool.setConnectionTimeout(Math.max(maxWait.toMillis(), SHORTEST_WAIT));
    pool.setConnectionInitSql(SessionSettings.TRANSACTIONS);
    pool.setExceptionOverrideClassName(ReadOnlyEviction.class.getName());
    if (pool.getName().equals(READS)) {
      pool.setUrl(database.withDefaultSocketTimeout(READ_TIMEOUT).url());
    } else {
      pool.setUrl(database.withSession(WRITE_SESSION).url());
      pool.setMinimumIdle(0);
      pool.setIdleTimeout(10_000);
      pool.setMaximumPoolSize(pool.getName().equals(LANES) ? lanes : lanes + JOBS);
    }
    if (pool.getName().equals(LANES)) {
      // The server keeps the few statements of the lanes prepared, one for each batch size, and
      // does not parse thousands of characters with each commit.
      pool.addDataSourceProperty("useServerPrepStmts", "true");
      pool.addDataSourceProperty("prepStmtCacheSize", "128");
      pool.addDataSourceProperty("prepStmtCacheSqlLimit", "65536");
    }
    return pool;
  }
}
