package dev.lastword.rollup;

import static dev.lastword.TestDatabase.execute;
import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.Migrations;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A database of the version before the rollup, with rows in all states. */
class UpgradeTest {
  private final String url = TestDatabase.create();

  @Test
  void countsTheLogsAndKeepsTheCountsOfDroppedDays() throws SQLException {
    DatabaseAddress address = DatabaseAddress.parse(url, null, null);
    Flyway flyway = Migrations.flyway(address);
    Flyway.configure().configuration(flyway.getConfiguration()).target("6").load().migrate();
    execute(
        url,
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded, submitted,
                                keystrokes)
        VALUES (1, 1, '2025-10-12 10:00', 1, 's', 'ann', 'Bus', 'bus', 0, 3),
               (2, 2, '2025-10-12 11:00', 1, 's', 'bob', 'bus', 'bus', 0, 3),
               (3, 3, '2025-10-13 00:00', 1, 's', NULL, 'train', 'train', 0, 5)
        """);
    // Retention has dropped the rows of September.
    execute(
        url,
        """
        INSERT INTO daily_search (bucket, tenant_id, day, folded, searches, keystrokes)
        VALUES (1, 1, '2025-10-12', 'bus', 1, 3), (2, 1, '2025-10-12', 'bus', 1, 3),
               (3, 1, '2025-10-13', 'train', 1, 5), (4, 1, '2025-09-30', 'old', 3, 9), (5, 1, '2025-09-30', 'old', 4, 9)
        """);
    execute(
        url,
        """
        INSERT INTO event_log (bucket, id, occurred_at, tenant_id, topic, event_id, user_id, received_at)
        VALUES (1, 1, '2024-02-29', 1, 'order', 'e1', 'ann', UTC_TIMESTAMP(3))
        """);
    execute(
        url,
        """
        INSERT INTO daily_topic (bucket, tenant_id, day, topic, events, duplicates, changed, rejected, value_count,
                                 value_sum)
        VALUES (1, 1, '2024-02-29', 'order', 1, 0, 0, 0, 0, 0)
        """);
    // One transaction has a position, and the other one does not: key 3 is in neither.
    execute(url, "UPDATE feed_head SET last_position = 1 WHERE feed = 1");
    execute(
        url,
        """
        INSERT INTO feed (feed, last_position, bucket, id, size, earliest, latest, row_keys, numbered_at)
        VALUES (1, 1, 1, 1, 1, '2025-10-12 10:00', '2025-10-12 10:00', X'0101', UTC_TIMESTAMP(3))
        """);
    execute(
        url,
        """
        INSERT INTO feed_outbox (bucket, id, feed, size, earliest, latest, row_keys)
        VALUES (2, 2, 1, 1, '2025-10-12 11:00', '2025-10-12 11:00', X'0202')
        """);

    flyway.migrate();
    assertThat(number(url, "SELECT log_since = '2025-10-01' FROM rollup_head WHERE feed = 1"))
        .isEqualTo(1);
    assertThat(number(url, "SELECT COUNT(log_since) FROM rollup_head WHERE feed = 2")).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM recount_day")).isEqualTo(4);

    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.jobs.enabled", false);
    try (ApplicationContext node = ApplicationContext.run(settings)) {
      node.getBean(RollupJob.class).run();
      assertThat(number(url, "SELECT COUNT(*) FROM recount_day")).isZero();
      assertThat(number(url, "SELECT searches FROM daily_search WHERE folded = 'old'"))
          .isEqualTo(7);
      assertThat(number(url, "SELECT SUM(searches) FROM hourly_search")).isEqualTo(10);
      execute(url, "DELETE FROM daily_search WHERE folded = 'old'");
      execute(url, "DELETE FROM hourly_search WHERE hour < '2025-10-01'");
      new Logs(url, node).assertCounted();
    }
  }
}
