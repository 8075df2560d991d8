package dev.lastword.query;

import dev.lastword.LogRow;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Inserts rows for tests of queries by plain SQL. */
@Singleton
public final class Rows {

  /** Table n of the numbers from 0; the parameter is their count. */
  private static final String NUMBERS =
      """
      WITH digit AS (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                     UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9),
           thousand AS (SELECT a.d + 10 * b.d + 100 * c.d AS i FROM digit a, digit b, digit c),
           n AS (SELECT a.i + 1000 * b.i AS i FROM thousand a, thousand b WHERE 1000 * b.i < ?)
      """;

  private final String url;

  Rows(@Value("${lastword.db.url}") String url) {
    this.url = url;
  }

  public void clear() {
    // Under the lock of the rollup, because a job may be counting.
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM rollup_head FOR UPDATE").close();
      for (String table :
          List.of(
              "search_log",
              "search_staging",
              "daily_search",
              "hourly_search",
              "daily_session",
              "active_user",
              "daily_event",
              "event_log",
              "event_key",
              "rejected_event",
              "idempotency_key",
              "daily_topic")) {
        statement.executeUpdate("DELETE FROM " + table);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  void logged(
      long id,
      int bucket,
      String keyword,
      String folded,
      String session,
      @Nullable String user,
      String at) {
    LogRow.search(keyword)
        .id(id)
        .set("bucket", bucket)
        .set("folded", folded)
        .session(session)
        .user(user)
        .at(at)
        .set("keystrokes", 8)
        .insert(url);
  }

  void logged(long id, String keyword, String at) {
    logged(id, 7, keyword, keyword.toLowerCase(Locale.ROOT), "s1", null, at);
  }

  /** Inserts an event of topic {@code t} with a message. */
  void event(long id, String message, String at) {
    LogRow.event("t").id(id).set("message", message).at(at).set("received_at", at).insert(url);
  }

  /** Sets a column of an event. */
  void set(long id, String column, Object value) {
    execute("UPDATE event_log SET %s = ? WHERE id = ?".formatted(column), value, id);
  }

  /** Inserts a session of tenant 1 whose last keystroke is some seconds old. */
  public void staged(String session, String keyword, int secondsAgo, boolean submitted) {
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                    submitted, last_seen)
        VALUES (1, 1, ?, ?, ?, 1, 1, ?, UTC_TIMESTAMP(3) - INTERVAL ? SECOND)
        """,
        session,
        keyword,
        keyword.toLowerCase(Locale.ROOT),
        submitted,
        secondsAgo);
  }

  /**
   * Inserts searches for a hundred keywords with ids from 0 to {@code count - 1}, ten per second.
   */
  void loggedMany(int count) {
    execute(
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded,
                                submitted, keystrokes, typed_at)
        %s
        SELECT i %% 64, i, TIMESTAMPADD(SECOND, i DIV 10, '2025-09-01'), 1, CONCAT('s', i %% 1000),
               CONCAT('u', i %% 10), CONCAT('keyword ', i %% 100), CONCAT('keyword ', i %% 100), FALSE, 8, NULL
        FROM n WHERE i < ?
        """
            .formatted(NUMBERS),
        count,
        count);
    analyze();
  }

  /** Inserts searches of a thousand sessions for one keyword at noon. */
  public void loggedOften(int count, String keyword, LocalDate day) {
    execute(
        """
        INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, keyword, folded, submitted, keystrokes)
        %s
        SELECT i %% 64, i + ?, ?, 1, CONCAT('s', i %% 1000), ?, ?, FALSE, 8 FROM n WHERE i < ?
        """
            .formatted(NUMBERS),
        count,
        count,
        day.atTime(LocalTime.NOON),
        keyword,
        keyword,
        count);
  }

  /**
   * Counts keywords on a day without logging them: one search for each, two for every thousandth.
   */
  public void countedKeywords(int count, LocalDate day) {
    execute(
        """
        INSERT INTO daily_search (tenant_id, day, folded, searches, keystrokes, magnitude)
        %s
        SELECT 1, ?, CONCAT('keyword ', i), 1 + (i %% 1000 = 7), 8, 1 + (i %% 1000 = 7) FROM n WHERE i < ?
        """
            .formatted(NUMBERS),
        count,
        day,
        count);
    execute(
        """
        INSERT INTO hourly_search (tenant_id, hour, searches, keystrokes)
        SELECT tenant_id, day, SUM(searches), SUM(keystrokes) FROM daily_search WHERE day = ? GROUP BY tenant_id, day
        """,
        day);
  }

  /** Inserts events of one user at noon. */
  public void eventsOften(int count, String user, LocalDate day) {
    execute(
        """
        INSERT INTO event_log (bucket, id, occurred_at, tenant_id, topic, event_id, user_id, received_at)
        %s
        SELECT i %% 64, i + ?, ?, 1, 'many', 'e', ?, UTC_TIMESTAMP(3) FROM n WHERE i < ?
        """
            .formatted(NUMBERS),
        count,
        count,
        day.atTime(LocalTime.NOON),
        user,
        count);
  }

  /**
   * Updates the statistics. After a bulk insert they would be stale, and with them the query plans;
   * in production, they grow with the table.
   */
  private void analyze() {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("ANALYZE TABLE search_log");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public int execute(String sql, @Nullable Object... values) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  long number(String sql, @Nullable Object... values) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
