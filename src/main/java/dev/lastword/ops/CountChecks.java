package dev.lastword.ops;

import dev.lastword.feed.Feed;
import dev.lastword.feed.UnreadRows;
import dev.lastword.row.RowKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Recomputes all counts from the logs, by other statements than those that keep them, and compares.
 *
 * <p>Each day is read from one snapshot, so rows may be logged and counted meanwhile. Days of which
 * retention has dropped rows are left out; those that have rows nevertheless are reported.
 */
final class CountChecks {
  private static final int MAX_DIFFERENCES = 5;
  // Their keys are part of the statements.
  private static final int MAX_UNCOUNTED = 100_000;

  // Of an amended search that is not counted yet, the counts have the former values.
  private static final String COUNTED_FOLDED =
      "CASE WHEN counted_as_former THEN former_folded ELSE folded END";
  private static final String COUNTED_KEYSTROKES =
      "CASE WHEN counted_as_former THEN former_keystrokes ELSE keystrokes END";
  private static final String COUNTED_USER =
      "CASE WHEN counted_as_former THEN former_user_id ELSE user_id END";
  private static final String COUNTED_TOPIC = "CASE WHEN in_other THEN 'other' ELSE topic END";

  private static final int ANY = 0;
  private static final int SEARCHES = 1;
  private static final int EVENTS = 2;
  private static final int TOPIC = 3;

  private final Connection connection;
  private final List<String> differences = new ArrayList<>();
  private final SortedSet<LocalDate> unchecked = new TreeSet<>();
  private long rows;

  private CountChecks(Connection connection) {
    this.connection = connection;
  }

  /** How far a feed is counted. */
  private record Head(long position, @Nullable LocalDate logSince) {
    boolean covers(LocalDate day) {
      return logSince == null || !day.isBefore(logSince);
    }
  }

  /** A set of active users. */
  private record UserSet(int kind, String topic) implements Comparable<UserSet> {
    @Override
    public int compareTo(UserSet other) {
      return kind == other.kind ? topic.compareTo(other.topic) : Integer.compare(kind, other.kind);
    }

    @Override
    public String toString() {
      return switch (kind) {
        case ANY -> "active users";
        case SEARCHES -> "active users with searches";
        case EVENTS -> "active users with events";
        default -> "active users of topic " + topic;
      };
    }
  }

  static Finding counts(Connection connection) throws SQLException {
    var checks = new CountChecks(connection);
    int isolation = connection.getTransactionIsolation();
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    try {
      return checks.run();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.setTransactionIsolation(isolation);
    }
  }

  private Finding run() throws SQLException {
    List<Integer> tenants =
        Check.query(
            connection,
            """
            SELECT DISTINCT tenant_id FROM search_log UNION SELECT DISTINCT tenant_id FROM event_log
            UNION SELECT DISTINCT tenant_id FROM hourly_search UNION SELECT DISTINCT tenant_id FROM daily_topic
            UNION SELECT DISTINCT tenant_id FROM active_user
            """,
            row -> row.getInt(1));
    Set<LocalDate> days = days();
    connection.rollback();
    for (LocalDate day : days) {
      for (int tenant : tenants) {
        String problem = check(tenant, day);
        connection.rollback(); // ends the snapshot
        if (problem != null) {
          return Finding.fail("counts", problem, "start a node, and check its log");
        }
        if (differences.size() >= MAX_DIFFERENCES) {
          return differ();
        }
      }
    }
    if (!differences.isEmpty()) {
      return differ();
    }
    String seen = "%,d rows of %,d days recounted, no difference".formatted(rows, days.size());
    return unchecked.isEmpty()
        ? Finding.ok("counts", seen)
        : Finding.warn(
            "counts",
            "%s; not checked: %,d days from %s, which have rows although log_since in rollup_head is later"
                .formatted(seen, unchecked.size(), unchecked.first()),
            "if retention has dropped no rows of these days, set log_since to the first of them, then lastword recount");
  }

  private Finding differ() {
    return Finding.fail("counts", String.join("; ", differences), "lastword recount");
  }

  private Set<LocalDate> days() throws SQLException {
    return new TreeSet<>(
        Check.query(
            connection,
            """
            SELECT DISTINCT DATE(searched_at) FROM search_log UNION SELECT DISTINCT DATE(occurred_at) FROM event_log
            UNION SELECT DISTINCT DATE(hour) FROM hourly_search UNION SELECT DISTINCT day FROM daily_search
            UNION SELECT day FROM daily_session UNION SELECT DISTINCT day FROM active_user UNION SELECT DISTINCT day FROM daily_topic WHERE events <> 0
            UNION SELECT day FROM daily_event
            """,
            row -> row.getObject(1, LocalDate.class)));
  }

  /** Returns why the day cannot be checked, null if it was. */
  private @Nullable String check(int tenant, LocalDate day) throws SQLException {
    Map<Integer, Head> heads = new TreeMap<>();
    Check.query(
        connection,
        "SELECT feed, position, log_since FROM rollup_head",
        row ->
            heads.put(
                row.getInt("feed"),
                new Head(row.getLong("position"), row.getObject("log_since", LocalDate.class))));
    Head searches = Objects.requireNonNull(heads.get(Feed.SEARCHES.number()));
    Head events = Objects.requireNonNull(heads.get(Feed.EVENTS.number()));
    Set<RowKey> searchesToCount = UnreadRows.after(connection, Feed.SEARCHES, searches.position);
    Set<RowKey> eventsToCount = UnreadRows.after(connection, Feed.EVENTS, events.position);
    if (searchesToCount.size() + eventsToCount.size() > MAX_UNCOUNTED) {
      return "%,d rows are not counted yet"
          .formatted(searchesToCount.size() + eventsToCount.size());
    }
    Map<UserSet, RoaringBitmap> counted = countedUsers(tenant, day);
    Map<UserSet, RoaringBitmap> logged = new TreeMap<>();
    if (searches.covers(day)) {
      checkSearches(tenant, day, searchesToCount);
      checkSessions(tenant, day, searchesToCount);
      addLoggedUsers(
          logged,
          SEARCHES,
          "search_log",
          "searched_at",
          "''",
          COUNTED_USER,
          tenant,
          day,
          searchesToCount);
    } else {
      keep(SEARCHES, counted, logged);
      noteUnchecked(tenant, day, "search_log", "searched_at");
    }
    if (events.covers(day)) {
      checkTopics(tenant, day);
      checkEvents(tenant, day, eventsToCount);
      addLoggedUsers(
          logged,
          TOPIC,
          "event_log",
          "occurred_at",
          COUNTED_TOPIC,
          "user_id",
          tenant,
          day,
          eventsToCount);
    } else {
      keep(EVENTS, counted, logged);
      keep(TOPIC, counted, logged);
      noteUnchecked(tenant, day, "event_log", "occurred_at");
    }
    compareUsers(day, counted, union(logged));
    return null;
  }

  private void noteUnchecked(int tenant, LocalDate day, String table, String time)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM %s LIMIT 1".formatted(logged(table, time, Set.of())))) {
      statement.setInt(1, tenant);
      statement.setObject(2, day);
      statement.setObject(3, day.plusDays(1));
      if (statement.executeQuery().next()) {
        unchecked.add(day);
      }
    }
  }

  private void checkSearches(int tenant, LocalDate day, Set<RowKey> uncounted) throws SQLException {
    String logged = logged("search_log", "searched_at", uncounted);
    compare(
        """
        SELECT folded, SUM(rows_counted) AS more, SUM(keystrokes) AS more_value FROM (
          SELECT folded, searches AS rows_counted, keystrokes, magnitude FROM daily_search WHERE tenant_id = ? AND day = ?
          UNION ALL
          SELECT %s AS folded, -COUNT(*), -SUM(%s), -LENGTH(BIN(COUNT(*))) FROM %s GROUP BY 1
        ) AS both_sides
        GROUP BY folded HAVING more <> 0 OR more_value <> 0 OR SUM(magnitude) <> 0
        """
            .formatted(COUNTED_FOLDED, COUNTED_KEYSTROKES, logged),
        "%s: searches for '%s' differ by %s, keystrokes by %s, or in magnitude",
        tenant,
        day,
        List.of(tenant, day, tenant, day, day.plusDays(1)));
    compare(
        """
        SELECT hour, SUM(rows_counted) AS more, SUM(keystrokes) AS more_value FROM (
          SELECT hour, searches AS rows_counted, keystrokes FROM hourly_search
          WHERE tenant_id = ? AND hour >= ? AND hour < ?
          UNION ALL
          SELECT DATE_FORMAT(searched_at, '%%Y-%%m-%%d %%H:00:00') AS hour, -COUNT(*), -SUM(%s)
          FROM %s GROUP BY DATE_FORMAT(searched_at, '%%Y-%%m-%%d %%H:00:00')
        ) AS both_sides
        GROUP BY hour HAVING more <> 0 OR more_value <> 0
        """
            .formatted(COUNTED_KEYSTROKES, logged),
        "%s: searches of the hour %s differ by %s, keystrokes by %s",
        tenant,
        day,
        List.of(tenant, day, day.plusDays(1), tenant, day, day.plusDays(1)));
  }

  /**
   * They are counted from the log as it is then, so rows that are not counted yet may be in them.
   */
  private void checkSessions(int tenant, LocalDate day, Set<RowKey> uncounted) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT s.sessions, (SELECT COUNT(DISTINCT session_id) FROM %s) AS fewest,
                   (SELECT COUNT(DISTINCT session_id) FROM %s) AS most
            FROM daily_session s WHERE s.tenant_id = ? AND s.day = ?
            HAVING s.sessions < fewest OR s.sessions > most
            """
                .formatted(
                    logged("search_log", "searched_at", uncounted),
                    logged("search_log", "searched_at", Set.of())))) {
      List<Object> values =
          List.of(tenant, day, day.plusDays(1), tenant, day, day.plusDays(1), tenant, day);
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      ResultSet found = statement.executeQuery();
      if (found.next()) {
        differences.add(
            "%s: %d sessions counted, %d logged"
                .formatted(day, found.getLong("sessions"), found.getLong("fewest")));
      }
    }
  }

  /** The counts of topics change in the transactions of their events, so none is missing. */
  private void checkTopics(int tenant, LocalDate day) throws SQLException {
    compare(
        """
        SELECT topic, SUM(events) AS more, SUM(value_sum) AS more_value FROM (
          SELECT topic, events, value_count, value_sum, value_min, value_max,
                 NULL AS logged_min, NULL AS logged_max
          FROM daily_topic WHERE tenant_id = ? AND day = ?
          UNION ALL
          SELECT %s, -COUNT(*), -COUNT(value), -COALESCE(SUM(value), 0), NULL, NULL, MIN(value), MAX(value)
          FROM %s GROUP BY 1
        ) AS both_sides
        GROUP BY topic
        HAVING more <> 0 OR more_value <> 0 OR SUM(value_count) <> 0
               OR NOT MIN(value_min) <=> MIN(logged_min) OR NOT MAX(value_max) <=> MAX(logged_max)
        """
            .formatted(COUNTED_TOPIC, logged("event_log", "occurred_at", Set.of())),
        "%s: events of topic %s differ by %s, their values in sum by %s, or in number, minimum or maximum",
        tenant,
        day,
        List.of(tenant, day, tenant, day, day.plusDays(1)));
  }

  private void checkEvents(int tenant, LocalDate day, Set<RowKey> uncounted) throws SQLException {
    compare(
        """
        SELECT topic, SUM(events) AS more, 0 AS more_value FROM (
          SELECT topic, events FROM daily_event WHERE tenant_id = ? AND day = ?
          UNION ALL
          SELECT %s, -COUNT(*) FROM %s GROUP BY 1
        ) AS both_sides
        GROUP BY topic HAVING more <> 0
        """
            .formatted(COUNTED_TOPIC, logged("event_log", "occurred_at", uncounted)),
        "%s: events of topic %s in daily_event differ by %s",
        tenant,
        day,
        List.of(tenant, day, tenant, day, day.plusDays(1)));
  }

  /** Returns the rows of a log that are counted, with parameters for tenant, start and end. */
  private static String logged(String table, String time, Set<RowKey> uncounted) {
    return "%1$s WHERE tenant_id = ? AND %2$s >= ? AND %2$s < ?%3$s"
        .formatted(
            table,
            time,
            uncounted.isEmpty() ? "" : " AND NOT (" + RowKey.condition(uncounted) + ")");
  }

  private void compare(String sql, String message, int tenant, LocalDate day, List<Object> values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      ResultSet found = statement.executeQuery();
      while (found.next() && differences.size() < MAX_DIFFERENCES) {
        differences.add(
            message.formatted(
                day, found.getString(1), found.getString("more"), found.getString("more_value")));
      }
    }
  }

  private Map<UserSet, RoaringBitmap> countedUsers(int tenant, LocalDate day) throws SQLException {
    Map<UserSet, RoaringBitmap> users = new TreeMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT kind, topic, chunk, users, bitmap FROM active_user WHERE tenant_id = ? AND day = ?")) {
      statement.setInt(1, tenant);
      statement.setObject(2, day);
      ResultSet found = statement.executeQuery();
      while (found.next()) {
        UserSet set = new UserSet(found.getInt("kind"), found.getString("topic"));
        RoaringBitmap chunk = new RoaringBitmap();
        chunk.deserialize(ByteBuffer.wrap(found.getBytes("bitmap")));
        if (chunk.getCardinality() != found.getInt("users")) {
          differences.add("%s: users is not the number of bits, for %s".formatted(day, set));
        }
        users
            .computeIfAbsent(set, key -> new RoaringBitmap())
            .or(RoaringBitmap.addOffset(chunk, found.getLong("chunk") << 16));
      }
      return users;
    } catch (IOException e) {
      throw new SQLException("A bitmap of active_user cannot be read", e);
    }
  }

  private void addLoggedUsers(
      Map<UserSet, RoaringBitmap> users,
      int kind,
      String table,
      String time,
      String topic,
      String user,
      int tenant,
      LocalDate day,
      Set<RowKey> uncounted)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT logged.topic, logged.logged_rows, logged.user_id, n.number FROM (
              SELECT %s AS topic, %s AS user_id, COUNT(*) AS logged_rows FROM %s GROUP BY 1, 2
            ) AS logged
            LEFT JOIN user_number n ON n.tenant_id = ? AND n.user_id = logged.user_id
            """
                .formatted(topic, user, logged(table, time, uncounted)))) {
      statement.setInt(1, tenant);
      statement.setObject(2, day);
      statement.setObject(3, day.plusDays(1));
      statement.setInt(4, tenant);
      ResultSet found = statement.executeQuery();
      while (found.next()) {
        rows += found.getLong("logged_rows");
        if (found.getString("user_id") == null) {
          continue;
        }
        int number = found.getInt("number");
        if (found.wasNull()) {
          differences.add("%s: user %s is not counted".formatted(day, found.getString("user_id")));
        } else {
          users
              .computeIfAbsent(
                  new UserSet(kind, found.getString("topic")), key -> new RoaringBitmap())
              .add(number);
        }
      }
    }
  }

  /** Takes the sets of a kind as they are, because their rows were dropped. */
  private static void keep(
      int kind, Map<UserSet, RoaringBitmap> counted, Map<UserSet, RoaringBitmap> logged) {
    counted.forEach(
        (set, users) -> {
          if (set.kind == kind) {
            logged.put(set, users);
          }
        });
  }

  /** Adds the sets that consist of others. */
  private static Map<UserSet, RoaringBitmap> union(Map<UserSet, RoaringBitmap> parts) {
    Map<UserSet, RoaringBitmap> all = new TreeMap<>(parts);
    parts.forEach(
        (set, users) -> {
          all.merge(new UserSet(ANY, ""), users, (one, other) -> RoaringBitmap.or(one, other));
          if (set.kind == TOPIC) {
            all.merge(new UserSet(EVENTS, ""), users, (one, other) -> RoaringBitmap.or(one, other));
          }
        });
    return all;
  }

  private void compareUsers(
      LocalDate day, Map<UserSet, RoaringBitmap> counted, Map<UserSet, RoaringBitmap> logged) {
    Set<UserSet> sets = new TreeSet<>(counted.keySet());
    sets.addAll(logged.keySet());
    for (UserSet set : sets) {
      RoaringBitmap one = counted.getOrDefault(set, new RoaringBitmap());
      RoaringBitmap other = logged.getOrDefault(set, new RoaringBitmap());
      if (!one.equals(other)) {
        differences.add(
            "%s: %s: %d counted, %d logged"
                .formatted(day, set, one.getCardinality(), other.getCardinality()));
      }
    }
  }
}
