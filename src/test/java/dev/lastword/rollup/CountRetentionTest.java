package dev.lastword.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.ops.PartitionMaintenance;
import dev.lastword.rollup.Logs.Row;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logs are kept for 30 days, counts for 60 days and the rest of the first month. */
class CountRetentionTest {
  private static final List<String> TABLES =
      List.of("daily_search", "daily_session", "daily_event", "daily_topic", "active_user");

  private final LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).minusMinutes(1);
  private final LocalDate first = now.minusDays(60).toLocalDate().withDayOfMonth(1);
  private final String url = TestDatabase.create();
  private final EmbeddedServer node = run();
  private final ApplicationContext beans = node.getApplicationContext();
  private final Logs logs = new Logs(url, beans);

  private EmbeddedServer run() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.jobs.enabled", false);
    settings.put("lastword.retention", "30d");
    settings.put("lastword.count-retention", "60d");
    settings.put("micronaut.server.port", -1);
    return ApplicationContext.run(EmbeddedServer.class, settings);
  }

  @AfterEach
  void end() {
    Logs.assertDoctorAgrees(url);
    node.close();
  }

  private void add(LocalDateTime at, String user) {
    for (int tenant = 1; tenant <= 2; tenant++) {
      logs.add(
          new Row(tenant, at, null, "shoes", user, 5), new Row(tenant, at, "order", "", user, 0));
    }
  }

  private void count() {
    assertThat(beans.getBean(Rollup.class).run(Duration.ofMinutes(1).toNanos())).isTrue();
    assertThat(beans.getBean(SessionCounts.class).complete(Duration.ofMinutes(1).toNanos()))
        .isTrue();
  }

  private void drop() {
    beans.getBean(PartitionMaintenance.class).run();
    beans.getBean(CountRetention.class).run();
  }

  private long number(String sql) throws SQLException {
    return TestDatabase.number(url, sql);
  }

  private HttpResponse<String> get(String path) {
    return HttpCalls.getAsync(node, path).join();
  }

  @Test
  void countsAndUsersOfEarlierMonthsAreDeletedAndAllOthersStay() throws SQLException {
    add(first.minusDays(1).atTime(23, 59, 59), "gone");
    add(first.minusYears(3).atStartOfDay(), "gone, too");
    add(first.minusDays(1).atTime(12, 0), "regular");
    add(first.atStartOfDay(), "regular");
    add(first.atStartOfDay(), "early");
    add(now, "late");
    count();
    drop();
    for (String table : TABLES) {
      assertThat(number("SELECT COUNT(*) FROM %s WHERE day < '%s'".formatted(table, first)))
          .as(table)
          .isZero();
      assertThat(number("SELECT COUNT(*) FROM %s WHERE day = '%s'".formatted(table, first)))
          .as(table)
          .isPositive();
    }
    assertThat(number("SELECT COUNT(*) FROM hourly_search WHERE hour < '%s'".formatted(first)))
        .isZero();
    assertThat(number("SELECT SUM(searches) FROM hourly_search")).isEqualTo(6);
    assertThat(number("SELECT SUM(events) FROM daily_topic")).isEqualTo(6);
    assertThat(number("SELECT COUNT(*) FROM user_number")).isEqualTo(6);
    assertThat(number("SELECT COUNT(*) FROM user_number WHERE user_id LIKE 'gone%'")).isZero();
    long version = number("SELECT SUM(past_changes) FROM rollup_head");
    drop();
    assertThat(number("SELECT SUM(past_changes) FROM rollup_head")).isEqualTo(version);
    // Somebody who comes back is new.
    add(now, "gone");
    count();
    assertThat(number("SELECT COUNT(*) FROM user_number")).isEqualTo(8);
  }

  @Test
  void aQuestionAboutEarlierDaysGets400() {
    add(first.minusDays(1).atTime(12, 0), "ann");
    add(first.atTime(12, 0), "bob");
    count();
    String early = "from=%s&to=%s".formatted(first.minusDays(1), first);
    String kept = "from=%s&to=%s".formatted(first, first);
    assertThat(get("/stats/dau?" + early).statusCode()).isEqualTo(200);
    drop();
    HttpResponse<String> refused = get("/stats/dau?" + early);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .contains(
            "Retention has dropped the counts of days before %s, and this answer needs those from %s on."
                .formatted(first, first.minusDays(1)));
    assertThat(get("/stats/dau?" + kept).body()).contains("\"active_users\":1");
    assertThat(get("/stats/retention?" + early).statusCode()).isEqualTo(400);
    assertThat(get("/stats/retention?" + kept).statusCode()).isEqualTo(200);
    // These compare with as many days before.
    assertThat(get("/stats/trending-searches?" + kept).statusCode()).isEqualTo(400);
    assertThat(get("/stats").body()).contains("\"accepted\":1");
  }

  @Test
  void aRunThatWasInterruptedIsRepeated() throws SQLException {
    add(first.minusDays(1).atTime(12, 0), "gone");
    add(now, "late");
    count();
    try (Connection other = DriverManager.getConnection(url)) {
      other.setAutoCommit(false);
      other.createStatement().executeQuery("SELECT * FROM active_user FOR UPDATE").close();
      drop();
      assertThat(number("SELECT COUNT(*) FROM user_number WHERE user_id = 'gone'")).isEqualTo(2);
      other.rollback();
    }
    drop();
    assertThat(number("SELECT COUNT(*) FROM active_user WHERE day < '%s'".formatted(first)))
        .isZero();
    assertThat(number("SELECT COUNT(*) FROM user_number")).isEqualTo(2);
  }

  @Test
  void aLateRowOfAnEarlierDayIsDeletedByTheNextRun() throws SQLException {
    add(first.minusDays(1).atTime(12, 0), "ann");
    add(now, "bob");
    count();
    drop();
    add(first.minusDays(2).atTime(12, 0), "late ann");
    count();
    drop();
    assertThat(number("SELECT COUNT(*) FROM event_log")).isEqualTo(2);
    assertThat(number("SELECT SUM(events) FROM daily_event")).isEqualTo(2);
    assertThat(number("SELECT COUNT(*) FROM user_number")).isEqualTo(2);
  }
}
