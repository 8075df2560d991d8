package dev.lastword.cli;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.DatabaseFailure;
import dev.lastword.database.EmbeddedDatabase;
import dev.lastword.database.FirstConnection;
import dev.lastword.database.Migrations;
import dev.lastword.database.SecretSetting;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.order.Ordered;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The context of a command: its settings, then a database, then the beans. */
final class CommandContext implements AutoCloseable {

  private final ApplicationContext context;
  private @Nullable EmbeddedDatabase own;
  private boolean closed;

  /**
   * Reads and checks the settings; {@code options} take precedence over environment and files.
   *
   * @throws ConfigurationException if a setting has a wrong value
   */
  CommandContext(Map<String, Object> options) {
    Settings.checkLog(System.getenv());
    context =
        ApplicationContext.builder()
            .mainClass(CommandContext.class)
            .properties(options)
            .banner(false)
            // Nothing depends on the cloud, and detecting it takes time.
            .deduceEnvironment(false)
            .build();
    context.getEnvironment().start();
    Settings.check(context.getEnvironment(), options.keySet());
    for (String variable : Settings.unknown(System.getenv().keySet())) {
      LoggerFactory.getLogger(CommandContext.class).warn("Unknown setting {}.", variable);
    }
  }

  /** Returns who runs the command, for the audit table. */
  static String actor() {
    return "cli:" + System.getProperty("user.name");
  }

  /** Returns the database of the settings, otherwise an embedded one, which is started. */
  DatabaseAddress ownDatabase() {
    return DatabaseAddress.from(context.getEnvironment())
        .orElseGet(() -> own(EmbeddedDatabase.start(data())));
  }

  /**
   * Returns the database of the settings, otherwise the embedded one of the folder, which is
   * started unless it runs.
   *
   * @throws DatabaseFailure if there is none; commands do not create one
   */
  DatabaseAddress database() {
    return DatabaseAddress.from(context.getEnvironment())
        .or(() -> EmbeddedDatabase.running(data()))
        .orElseGet(() -> own(EmbeddedDatabase.startExisting(data())));
  }

  /** Returns the folder of the embedded database; null if another database was given. */
  @Nullable Path ownFolder() {
    return own == null ? null : data();
  }

  <T> T setting(String name, Class<T> type) {
    return context.getRequiredProperty(name, type);
  }

  /** Returns the file that a setting names; empty if it has no value. */
  Optional<Path> file(String name) {
    return SecretSetting.text(context.getEnvironment(), name).map(Path::of);
  }

  /**
   * Starts the beans for a command, without the jobs of a node, such as promotion. Rows wait a
   * minute for their commit, since nobody waits for an answer: one that gave up would not know
   * whether it is stored.
   */
  ApplicationContext startWithoutJobs(DatabaseAddress database) {
    context
        .getEnvironment()
        .addPropertySource(
            PropertySource.of(
                "command",
                Map.of("lastword.jobs.enabled", false, "lastword.max-wait", "1m"),
                Ordered.LOWEST_PRECEDENCE));
    return start(database);
  }

  /** Migrates the database and starts the beans. */
  ApplicationContext start(DatabaseAddress database) {
    FirstConnection.await(database);
    Migrations.run(database);
    Map<String, Object> settings = new HashMap<>();
    settings.put("lastword.db.url", database.url());
    settings.put("lastword.db.user", database.user() == null ? "" : database.user());
    settings.put("lastword.db.password", database.password() == null ? "" : database.password());
    SecretSetting.read(context.getEnvironment(), "lastword.redis-uri")
        .ifPresent(uri -> settings.put("lastword.redis-uri", uri));
    // Done above, on a connection without socket timeout.
    settings.put("flyway.enabled", false);
    context
        .getEnvironment()
        .addPropertySource(PropertySource.of("database", settings, Ordered.LOWEST_PRECEDENCE));
    return context.start();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.close();
    if (own != null) {
      own.close();
    }
  }

  private DatabaseAddress own(EmbeddedDatabase started) {
    own = started;
    return started.address();
  }

  private Path data() {
    return Path.of(context.getRequiredProperty("lastword.data", String.class));
  }
}
