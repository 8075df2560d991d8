package dev.lastword.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.LogRow;
import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.ValueSummary;
import dev.lastword.database.DatabaseAddress;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.ops.Doctor;
import dev.lastword.ops.Finding;
import dev.lastword.row.RowKey;
import dev.lastword.search.Amendments;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Adds rows like ingest and promotion, and counts all rows by plain Java. */
public final class Logs {
  /** A search, or an event if it has a topic. */
  public record Row(
      int tenant,
      LocalDateTime at,
      @Nullable String topic,
      String keyword,
      @Nullable String user,
      int keystrokes,
      String session) {

    public Row(
        int tenant,
        LocalDateTime at,
        @Nullable String topic,
        String keyword,
        @Nullable String user,
        int keystrokes) {
      this(tenant, at, topic, keyword, user, keystrokes, "s");
    }

    public static Row search(String keyword, @Nullable String user, LocalDateTime at) {
      return new Row(1, at, null, keyword, user, keyword.length());
    }

    public static Row event(String topic, @Nullable String user, LocalDateTime at) {
      return new Row(1, at, topic, "", user, 0);
    }
  }

  private final String url;
  private final ApplicationContext node;

  public Logs(String url, ApplicationContext node) {
    this.url = url;
    this.node = node;
  }

  /** Returns rows of two tenants, around a leap day and a turn of the year. */
  public static List<Row> random(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              LocalDateTime start =
                  random.nextBoolean()
                      ? LocalDateTime.of(2024, 2, 28, 0, 0)
                      : LocalDateTime.of(2024, 12, 30, 0, 0);
              LocalDateTime at = start.plus(Duration.ofMillis(random.nextInt(4 * 86_400_000)));
              String user = random.nextInt(4) == 0 ? null : "user " + random.nextInt(60);
              int tenant = 1 + random.nextInt(2);
              return random.nextBoolean()
                  ? new Row(
                      tenant,
                      at,
                      null,
                      "keyword " + random.nextInt(30),
                      user,
                      1 + random.nextInt(20))
                  : new Row(tenant, at, "topic " + random.nextInt(3), "", user, 0);
            })
        .toList();
  }

  /** Commits rows in one transaction; after an error, none of them is committed. */
  @SuppressWarnings("unchecked")
  public void add(List<Row> rows) {
    TransactionOperations<Connection> transactions = node.getBean(TransactionOperations.class);
    transactions.executeWrite(
        status -> {
          insert(status.getConnection(), rows);
          return null;
        });
  }

  public void add(Row... rows) {
    add(List.of(rows));
  }

  /** Returns the keys of the searches for a keyword. */
  public List<RowKey> keys(String keyword) {
    return keysWhere("folded = '%s'".formatted(keyword));
  }

  private List<RowKey> keysWhere(String condition) {
    List<RowKey> keys = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url)) {
      forEach(
          connection,
          "SELECT bucket, id FROM search_log WHERE " + condition,
          row -> keys.add(new RowKey(row.getInt(1), row.getLong(2))));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return keys;
  }

  /** Completes some random searches, in one transaction. */
  public void amend(Random random, int count) {
    List<RowKey> keys =
        keysWhere("TRUE ORDER BY RAND(%d) LIMIT %d".formatted(random.nextInt(), count));
    if (!keys.isEmpty()) {
      Amendments.amend(
          node,
          keys,
          "keyword " + random.nextInt(40),
          random.nextBoolean() ? "user " + random.nextInt(60) : null,
          random.nextInt(5));
    }
  }

  private void insert(Connection connection, List<Row> rows) throws SQLException {
    List<LogRow> searches = new ArrayList<>();
    List<LogRow> events = new ArrayList<>();
    for (Row row : rows) {
      LogRow logged =
          row.topic == null
              ? LogRow.search(row.keyword).set("keystrokes", row.keystrokes)
              : LogRow.event(row.topic).set("value", row.keystrokes);
      // One of the buckets that are counted in bucket 0.
      logged.set("bucket", 8 * ((searches.size() + events.size()) % 8));
      logged.at(row.at).tenant(row.tenant).user(row.user).session(row.session);
      (row.topic == null ? searches : events).add(logged);
    }
    LogRow.insert(connection, searches);
    LogRow.insert(connection, events);
    Map<DailyTopics.Key, DailyTopics.Sum> topics = new HashMap<>();
    for (Row row : rows) {
      if (row.topic != null) {
        var key = DailyTopics.Key.of(0, row.tenant, row.at.toLocalDate(), row.topic);
        var value = ValueSummary.of(BigDecimal.valueOf(row.keystrokes));
        topics.merge(key, new DailyTopics.Sum(key, value, 0, 0, 0), DailyTopics.Sum::plus);
      }
    }
    if (!topics.isEmpty()) {
      node.getBean(DailyTopics.class).add(topics.values());
    }
    Outbox outbox = node.getBean(Outbox.class);
    outbox.add(Feed.SEARCHES, LogRow.positions(searches));
    outbox.add(Feed.EVENTS, LogRow.positions(events));
  }

  /** Asserts that {@code doctor --counts} finds no difference. */
  public static void assertDoctorAgrees(String url) {
    assertThat(
            new Doctor(DatabaseAddress.parse(url, null, null), Duration.ofHours(1), false, true)
                .examine())
        .filteredOn(finding -> finding.subject().equals("counts"))
        .hasSize(1)
        .allMatch(finding -> finding.level() == Finding.Level.OK);
  }

  /** Asserts that all counts are those of the rows in the logs. */
  public void assertCounted() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      assertThat(counted(connection)).containsExactlyEntriesOf(logged(connection));
    }
  }

  /** Returns all counts from the rows of the logs: numbers, and sets of users. */
  private static TreeMap<String, Object> logged(Connection connection) throws SQLException {
    TreeMap<String, Object> counts = new TreeMap<>();
    forEach(
        connection,
        "SELECT tenant_id, searched_at, folded, user_id, keystrokes FROM search_log",
        row -> {
          int tenant = row.getInt(1);
          LocalDateTime at = row.getObject(2, LocalDateTime.class);
          String day = at.toLocalDate().toString();
          addTo(counts, "daily %d %s %s".formatted(tenant, day, row.getString(3)), row.getInt(5));
          addTo(
              counts,
              "hourly %d %s %02d:00:00".formatted(tenant, day, at.getHour()),
              row.getInt(5));
          activate(counts, tenant, "0 ", day, row.getString(4));
          activate(counts, tenant, "1 ", day, row.getString(4));
        });
    forEach(
        connection,
        "SELECT tenant_id, occurred_at, IF(in_other, 'other', topic), user_id FROM event_log",
        row -> {
          int tenant = row.getInt(1);
          String day = row.getObject(2, LocalDateTime.class).toLocalDate().toString();
          counts.merge(
              "events %d %s %s".formatted(tenant, day, row.getString(3)),
              1L,
              (one, other) -> (Long) one + (Long) other);
          activate(counts, tenant, "0 ", day, row.getString(4));
          activate(counts, tenant, "2 ", day, row.getString(4));
          activate(counts, tenant, "3 " + row.getString(3), day, row.getString(4));
        });
    return counts;
  }

  private static void addTo(Map<String, Object> counts, String key, long keystrokes) {
    counts.merge(
        key,
        List.of(1L, keystrokes),
        (one, other) -> List.of(number(one, 0) + 1, number(one, 1) + keystrokes));
  }

  private static long number(Object list, int index) {
    return (Long) ((List<?>) list).get(index);
  }

  @SuppressWarnings("unchecked")
  private static void activate(
      Map<String, Object> counts, int tenant, String kind, String day, @Nullable String user) {
    if (user != null) {
      ((TreeSet<String>)
              counts.computeIfAbsent(
                  "active %d %s %s".formatted(tenant, kind, day), key -> new TreeSet<String>()))
          .add(user);
    }
  }

  /** Returns all counts from their tables. */
  private static TreeMap<String, Object> counted(Connection connection) throws SQLException {
    TreeMap<String, Object> counts = new TreeMap<>();
    forEach(
        connection,
        "SELECT tenant_id, day, folded, searches, keystrokes FROM daily_search",
        row ->
            counts.put(
                "daily %s %s %s".formatted(row.getString(1), row.getString(2), row.getString(3)),
                List.of(row.getLong(4), row.getLong(5))));
    forEach(
        connection,
        "SELECT tenant_id, hour, searches, keystrokes FROM hourly_search",
        row ->
            counts.put(
                "hourly %s %s".formatted(row.getString(1), row.getString(2)),
                List.of(row.getLong(3), row.getLong(4))));
    forEach(
        connection,
        "SELECT tenant_id, day, topic, events FROM daily_event",
        row ->
            counts.put(
                "events %s %s %s".formatted(row.getString(1), row.getString(2), row.getString(3)),
                row.getLong(4)));
    Map<String, String> users = new TreeMap<>();
    forEach(
        connection,
        "SELECT tenant_id, number, user_id FROM user_number",
        row -> users.put(row.getString(1) + " " + row.getString(2), row.getString(3)));
    forEach(
        connection,
        "SELECT tenant_id, kind, topic, day, chunk, users, bitmap FROM active_user",
        row -> {
          RoaringBitmap bitmap = new RoaringBitmap();
          bitmap.deserialize(ByteBuffer.wrap(row.getBytes("bitmap")));
          assertThat(bitmap.getCardinality()).isEqualTo(row.getInt("users"));
          for (int bit : bitmap.toArray()) {
            activate(
                counts,
                row.getInt("tenant_id"),
                row.getString("kind") + " " + row.getString("topic"),
                row.getString("day"),
                users.get(row.getString("tenant_id") + " " + (row.getInt("chunk") * 65_536 + bit)));
          }
        });
    return counts;
  }

  private interface RowAction {
    void accept(ResultSet row) throws Exception;
  }

  private static void forEach(Connection connection, String sql, RowAction action)
      throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        try {
          action.accept(rows);
        } catch (SQLException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
