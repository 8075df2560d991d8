package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import dev.lastword.ops.Finding.Level;
import dev.lastword.rollup.CountFreshness;
import dev.lastword.rollup.Logs;
import dev.lastword.rollup.Recount;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountChecksTest {
  private static String url;
  private static ApplicationContext node;
  private static Logs logs;

  @BeforeAll
  static void count() throws SQLException {
    url = TestDatabase.create();
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.jobs.enabled", false);
    node = ApplicationContext.run(settings);
    logs = new Logs(url, node);
    logs.add(Logs.random(new Random(1), 400));
    node.getBean(CountFreshness.class).await();
  }

  @AfterAll
  static void end() {
    node.close();
  }

  /** Removes the differences. */
  @AfterEach
  void recount() {
    Recount recount = node.getBean(Recount.class);
    recount.days().forEach(recount::day);
  }

  @Test
  void findsNoDifferenceAndLeavesRowsOutThatAreNotCountedYet() throws SQLException {
    assertThat(check().seen()).isEqualTo("400 rows of 8 days recounted, no difference");
    logs.add(Logs.Row.search("later", "new user", java.time.LocalDateTime.of(2024, 2, 29, 12, 0)));
    assertThat(check().level()).isEqualTo(Level.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE daily_search SET searches = searches + 1 WHERE folded = 'keyword 7'"
            + "| searches for 'keyword 7' differ by 1",
        "UPDATE daily_search SET keystrokes = keystrokes - 2 WHERE folded = 'keyword 7'"
            + "| keystrokes by -2",
        "UPDATE daily_search SET magnitude = 9 WHERE folded = 'keyword 7'"
            + "| searches for 'keyword 7' differ by 0, keystrokes by 0, or in magnitude",
        "INSERT INTO daily_search VALUES (1, '2020-01-01', 'never', 1, 5, 1)"
            + "| 2020-01-01: searches for 'never' differ by 1, keystrokes by 5",
        "DELETE FROM hourly_search WHERE hour < '2024-02-29'| 2024-02-28: searches of the hour 2024-02-28",
        "INSERT INTO daily_session VALUES (1, '2024-02-29', 77)| 2024-02-29: 77 sessions counted, 1 logged",
        "INSERT INTO daily_session VALUES (1, '2020-01-01', 2)| 2020-01-01: 2 sessions counted, 0 logged",
        "UPDATE active_user SET users = users + 1| users is not the number of bits",
        "DELETE FROM active_user WHERE kind = 3 AND topic = 'topic 1'| active users of topic topic 1: 0 counted",
        "DELETE FROM active_user WHERE kind = 0| active users: 0 counted",
        "DELETE FROM active_user WHERE kind = 1| active users with searches: 0 counted",
        "DELETE FROM user_number WHERE user_id = 'user 7'| user user 7 is not counted",
        "UPDATE daily_event SET events = events + 3 WHERE topic = 'topic 2'| events of topic topic 2 in daily_event differ by 3",
        "INSERT INTO daily_event VALUES (1, '2020-01-01', 't', 2)| 2020-01-01: events of topic t in daily_event differ by 2",
        "UPDATE daily_topic SET events = events + 3 WHERE topic = 'topic 2'| events of topic topic 2 differ by 3",
        "UPDATE daily_topic SET value_sum = value_sum + 0.5| their values in sum by 0.5",
        "INSERT INTO daily_topic VALUES (3, 9, '2019-05-05', 'ghost', 4, 0, 0, 0, 0, 0, NULL, NULL)"
            + "| 2019-05-05: events of topic ghost differ by 4",
        "UPDATE daily_topic SET value_max = 1000 WHERE topic = 'topic 2'| events of topic topic 2 differ by 0",
      })
  void findsEachKindOfDifference(String change, String expected) throws SQLException {
    TestDatabase.execute(url, change);
    Finding finding = check();
    assertThat(finding.level()).isEqualTo(Level.FAIL);
    assertThat(finding.seen()).contains(expected);
    assertThat(finding.advice()).isEqualTo("lastword recount");
    recount();
    assertThat(check().level()).isEqualTo(Level.OK);
  }

  private Finding check() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return CountChecks.counts(connection);
    }
  }
}
