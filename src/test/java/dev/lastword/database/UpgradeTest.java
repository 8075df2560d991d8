package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.TestDatabase;
import dev.lastword.ops.Doctor;
import dev.lastword.ops.Finding;
import dev.lastword.rollup.Logs;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A database of 1.0.0 with rows, whose node was killed, goes on with this program. */
class UpgradeTest {
  private final String url = TestDatabase.createEmpty();
  private final DatabaseAddress database = DatabaseAddress.parse(url, null, null);

  private void restore() throws SQLException, IOException {
    try (InputStream dump = UpgradeTest.class.getResourceAsStream("/database-1.0.0.sql")) {
      String sql = new String(Objects.requireNonNull(dump).readAllBytes(), StandardCharsets.UTF_8);
      for (String statement : sql.split(";\n")) {
        TestDatabase.execute(url, statement);
      }
    }
  }

  private long number(String sql) throws SQLException {
    return TestDatabase.number(url, sql);
  }

  @Test
  void aDatabaseOfTheFirstReleaseIsMigratedWithItsRows() throws Exception {
    restore();
    // Fails if a migration that has landed was changed.
    Migrations.run(database);
    assertThat(Migrations.version(database)).hasValue(Integer.toString(SchemaVersion.KNOWN));
    try (ApplicationContext node = ApplicationContext.run(TestDatabase.settings(url))) {
      // The staged search is promoted, and the event in the outbox counted.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  number("SELECT COUNT(*) FROM search_log WHERE keyword = 'still typing'") == 1
                      && number("SELECT COUNT(*) FROM feed_outbox") == 0
                      && number("SELECT SUM(searches) FROM daily_search") == 5
                      && number("SELECT SUM(events) FROM daily_event") == 5);
      new Logs(url, node).assertCounted();
      assertThat(number("SELECT SUM(duplicates) FROM daily_topic")).isEqualTo(1);
      assertThat(number("SELECT SUM(rejected) FROM daily_topic")).isEqualTo(1);
      assertThat(number("SELECT COUNT(*) FROM api_key WHERE revoked_at IS NULL")).isEqualTo(2);
      assertThat(new Doctor(database, Duration.ofHours(1), false, true).examine())
          .noneMatch(finding -> finding.level() == Finding.Level.FAIL);
    }
  }
}
