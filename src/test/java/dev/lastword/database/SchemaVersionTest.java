package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.ops.Doctor;
import dev.lastword.ops.Finding;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A program on the tables of a newer one. */
class SchemaVersionTest {
  private static final String SENTENCE =
      "The tables are at version %d, of a newer program; this one knows version %d."
          .formatted(SchemaVersion.KNOWN + 1, SchemaVersion.KNOWN);

  private final String url = TestDatabase.createEmpty();
  private final DatabaseAddress database = DatabaseAddress.parse(url, null, null);

  private void upgrade() throws Exception {
    TestDatabase.execute(
        url,
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        SELECT installed_rank + 1, version + 1, 'newer', type, 'V%d__newer.sql', 1, installed_by, 1, 1
        FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1
        """
            .formatted(SchemaVersion.KNOWN + 1));
  }

  private void restore() throws Exception {
    TestDatabase.execute(
        url, "DELETE FROM flyway_schema_history WHERE version = " + (SchemaVersion.KNOWN + 1));
  }

  @Test
  void theKnownVersionIsThatOfTheLastMigration() {
    Migrations.run(database);
    assertThat(Migrations.version(database)).hasValue(Integer.toString(SchemaVersion.KNOWN));
  }

  @Test
  void everyTableColumnAndKeyHasAComment() throws Exception {
    Migrations.run(database);
    String ours = "table_schema = DATABASE() AND table_name <> 'flyway_schema_history'";
    for (String what :
        List.of(
            "tables WHERE table_comment = ''",
            "columns WHERE column_comment = ''",
            "statistics WHERE index_comment = ''")) {
      assertThat(
              TestDatabase.number(
                  url, "SELECT COUNT(*) FROM information_schema.%s AND %s".formatted(what, ours)))
          .as(what)
          .isZero();
    }
  }

  @Test
  void anOlderProgramDoesNotStart() throws Exception {
    Migrations.run(database);
    upgrade();
    assertThatThrownBy(() -> Migrations.run(database))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining(SENTENCE)
        .hasMessageEndingWith(
            "Start that one, or restore the database as it was before the upgrade.");
    assertThat(new Doctor(database, Duration.ofSeconds(5), false, false).examine())
        .contains(new Finding(Finding.Level.FAIL, "migrations", SENTENCE, "use the newer program"));
    restore();
    Migrations.run(database);
  }

  /** As if a right were missing, or the disk were full, after most tables were made. */
  private void failToInstall() throws Exception {
    Flyway.configure()
        .configuration(Migrations.flyway(database).getConfiguration())
        .target("4")
        .load()
        .migrate();
    TestDatabase.execute(url, "CREATE TABLE browser_session (other INT)");
    assertThatThrownBy(() -> Migrations.flyway(database).migrate())
        .hasMessageContaining("browser_session");
  }

  @Test
  void anInstallationThatFailedCanBeRepeated() throws Exception {
    failToInstall();
    var nodes =
        Stream.generate(() -> CompletableFuture.runAsync(() -> Migrations.run(database)))
            .limit(3)
            .toList();
    nodes.forEach(CompletableFuture::join);
    assertThat(Migrations.version(database)).hasValue(Integer.toString(SchemaVersion.KNOWN));
    assertThat(new Doctor(database, Duration.ofSeconds(5), false, true).examine())
        .noneMatch(finding -> finding.level() == Finding.Level.FAIL);
  }

  @Test
  void nothingIsRemovedWhereThereIsData() throws Exception {
    failToInstall();
    LogRow.search("k").insert(url);
    assertThatThrownBy(() -> Migrations.run(database))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("Migration 5 of ")
        .hasMessageContaining(
            "search_log has rows. Restore the database as it was before the upgrade");
    assertThat(logged()).isEqualTo(1);
  }

  @Test
  void anOlderProgramThatRunsTakesKeystrokesAndLeavesTheirPromotionToNewerOnes() throws Exception {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.debounce", "100ms");
    settings.put("lastword.rest", "50ms");
    try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
      type(node, "before");
      await().until(() -> logged() == 1);
      upgrade();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  // Both promotion and counts.
                  health(node).split(Pattern.quote(SENTENCE)).length == 3);
      assertThat(health(node)).contains("\"status\":\"DEGRADED\"");
      type(node, "after");
      await()
          .until(
              () ->
                  TestDatabase.number(
                          url,
                          "SELECT COUNT(*) FROM search_staging WHERE keyword = 'after' AND last_seen < UTC_TIMESTAMP(3) - INTERVAL 2 SECOND")
                      == 1);
      assertThat(logged()).isEqualTo(1);
      restore();
      await().atMost(Duration.ofSeconds(40)).until(() -> logged() == 2);
    }
  }

  private static String health(EmbeddedServer node) {
    return HttpCalls.getAsync(node, "/health").join().body();
  }

  private static void type(EmbeddedServer node, String keyword) {
    String row = "{\"session_id\":\"s\",\"keyword\":\"%s\"}".formatted(keyword);
    assertThat(HttpCalls.postAsync(node, "/log", row).join().statusCode()).isEqualTo(202);
  }

  private long logged() throws Exception {
    return TestDatabase.number(url, "SELECT COUNT(*) FROM search_log");
  }
}
