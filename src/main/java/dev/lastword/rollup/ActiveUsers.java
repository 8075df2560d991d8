package dev.lastword.rollup;

import dev.lastword.rollup.Activity.Kind;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/**
 * Writes table {@code active_user}: the users who were active on a day, as bitmaps of their
 * numbers.
 *
 * <p>A bitmap is a row for each 65,536 numbers, at most 8,208 bytes, so that a change never writes
 * more than that.
 */
@Singleton
class ActiveUsers {
  private static final int CHUNK_BITS = 16;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  // Activities of a day, in one query.
  private static final int MAX_KEYS = 200;

  private record ActiveDay(Activity activity, LocalDate day) {}

  private record Chunk(ActiveDay day, int number) {}

  private final JdbcOperations jdbc;
  private final UserNumbers numbers;

  ActiveUsers(JdbcOperations jdbc, UserNumbers numbers) {
    this.jdbc = jdbc;
    this.numbers = numbers;
  }

  /** Adds the users of these rows. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void add(CountedLog log, List<LoggedRow> rows) {
    rows.stream()
        .filter(row -> row.userId() != null)
        .collect(Collectors.groupingBy(LoggedRow::tenantId))
        .forEach((tenantId, ofTenant) -> add(log, tenantId, ofTenant));
  }

  private void add(CountedLog log, int tenantId, List<LoggedRow> rows) {
    // In the order of the rows, which is that of the numbers.
    Set<String> userIds = new LinkedHashSet<>();
    rows.forEach(row -> userIds.add(Objects.requireNonNull(row.userId())));
    Map<String, Integer> numberOf = numbers.of(tenantId, userIds);
    Map<Chunk, RoaringBitmap> added = new HashMap<>();
    for (LoggedRow row : rows) {
      int number = Objects.requireNonNull(numberOf.get(row.userId()));
      for (Activity activity : activities(log, row)) {
        ActiveDay day = new ActiveDay(activity, row.day());
        added
            .computeIfAbsent(new Chunk(day, chunk(number)), chunk -> new RoaringBitmap())
            .add(bit(number));
      }
    }
    merge(added);
  }

  /** Makes the users with any activity on a day those with searches or events. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void combine(int tenantId, LocalDate day) {
    ActiveDay any = new ActiveDay(Activity.of(tenantId, Kind.ANY), day);
    delete(tenantId, Kind.ANY, day);
    List<ActiveDay> parts =
        List.of(
            new ActiveDay(Activity.of(tenantId, Kind.SEARCHES), day),
            new ActiveDay(Activity.of(tenantId, Kind.EVENTS), day));
    Map<Chunk, RoaringBitmap> union = new HashMap<>();
    find(parts.stream().map(ActiveUsers::condition).collect(Collectors.joining(" OR ")), parts)
        .forEach(
            (chunk, bitmap) ->
                union.merge(
                    new Chunk(any, chunk.number()),
                    bitmap,
                    (one, other) -> RoaringBitmap.or(one, other)));
    write(union);
  }

  /** Deletes the users of a log on a day. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(CountedLog log, int tenantId, LocalDate day) {
    if (log == CountedLog.SEARCHES) {
      delete(tenantId, Kind.SEARCHES, day);
    } else {
      delete(tenantId, Kind.EVENTS, day);
      delete(tenantId, Kind.TOPIC, day);
    }
  }

  /** Returns the number of chunks that a tenant's users have. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  int chunks(int tenantId) {
    return chunk(numbers.next(tenantId) + CHUNK_SIZE - 1);
  }

  /**
   * Forgets the users of a chunk who were not active on any day that is counted.
   *
   * @return how many
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  int forgetInactive(int tenantId, int chunk) {
    RoaringBitmap active = new RoaringBitmap();
    Select.forEach(
        jdbc,
        "SELECT bitmap FROM active_user WHERE tenant_id = ? AND kind = ? AND topic = '' AND chunk = ?",
        List.of(tenantId, Kind.ANY.number(), chunk),
        row -> active.or(bitmap(row.getBytes("bitmap"))));
    List<Integer> inactive =
        numbers.between(tenantId, chunk << CHUNK_BITS, CHUNK_SIZE).stream()
            .filter(number -> !active.contains(bit(number)))
            .toList();
    numbers.remove(tenantId, inactive);
    return inactive.size();
  }

  /** Returns the row that has a user's number. */
  static int chunk(int number) {
    return number >>> CHUNK_BITS;
  }

  /** Returns what the bitmap of this row has of a user's number. */
  static int bit(int number) {
    return number & 0xffff;
  }

  private static List<Activity> activities(CountedLog log, LoggedRow row) {
    Activity any = Activity.of(row.tenantId(), Kind.ANY);
    return log == CountedLog.SEARCHES
        ? List.of(any, Activity.of(row.tenantId(), Kind.SEARCHES))
        : List.of(
            any,
            Activity.of(row.tenantId(), Kind.EVENTS),
            new Activity(row.tenantId(), Kind.TOPIC, row.subject()));
  }

  private void merge(Map<Chunk, RoaringBitmap> added) {
    Map<ActiveDay, List<Integer>> chunks = new HashMap<>();
    added
        .keySet()
        .forEach(
            chunk ->
                chunks.computeIfAbsent(chunk.day(), day -> new ArrayList<>()).add(chunk.number()));
    List<ActiveDay> days = List.copyOf(chunks.keySet());
    for (int start = 0; start < days.size(); start += MAX_KEYS) {
      List<ActiveDay> some = days.subList(start, Math.min(start + MAX_KEYS, days.size()));
      String any =
          some.stream()
              .map(day -> condition(day, Objects.requireNonNull(chunks.get(day))))
              .collect(Collectors.joining(" OR "));
      find(any, some)
          .forEach(
              (chunk, present) -> {
                RoaringBitmap bitmap = Objects.requireNonNull(added.get(chunk));
                bitmap.or(present);
                if (bitmap.getCardinality() == present.getCardinality()) {
                  added.remove(chunk);
                }
              });
    }
    write(added);
  }

  private static String condition(ActiveDay day) {
    return "tenant_id = %d AND kind = %d AND topic = ? AND day = ?"
        .formatted(day.activity().tenantId(), day.activity().kind().number());
  }

  private static String condition(ActiveDay day, List<Integer> chunks) {
    return condition(day)
        + chunks.stream()
            .map(number -> Integer.toString(number))
            .collect(Collectors.joining(",", " AND chunk IN (", ")"));
  }

  private Map<Chunk, RoaringBitmap> find(String condition, List<ActiveDay> days) {
    return jdbc.prepareStatement(
        "SELECT tenant_id, kind, topic, day, chunk, bitmap FROM active_user WHERE " + condition,
        statement -> {
          int parameter = 1;
          for (ActiveDay day : days) {
            statement.setString(parameter++, day.activity().topic());
            statement.setObject(parameter++, day.day());
          }
          Map<Chunk, RoaringBitmap> found = new HashMap<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            found.put(chunk(rows), bitmap(rows.getBytes("bitmap")));
          }
          return found;
        });
  }

  private static Chunk chunk(ResultSet row) throws SQLException {
    return new Chunk(
        new ActiveDay(
            new Activity(
                row.getInt("tenant_id"), Kind.values()[row.getInt("kind")], row.getString("topic")),
            row.getObject("day", LocalDate.class)),
        row.getInt("chunk"));
  }

  static RoaringBitmap bitmap(byte[] bytes) {
    RoaringBitmap bitmap = new RoaringBitmap();
    try {
      bitmap.deserialize(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bitmap;
  }

  /** Returns the numbers of users in a row of the table. */
  static RoaringBitmap numbers(int chunk, byte[] bytes) {
    RoaringBitmap bitmap = bitmap(bytes);
    return chunk == 0 ? bitmap : RoaringBitmap.addOffset(bitmap, (long) chunk << CHUNK_BITS);
  }

  static byte[] bytes(RoaringBitmap bitmap) {
    bitmap.runOptimize();
    ByteBuffer bytes = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
    bitmap.serialize(bytes);
    return bytes.array();
  }

  private void write(Map<Chunk, RoaringBitmap> bitmaps) {
    if (bitmaps.isEmpty()) {
      return;
    }
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO active_user (tenant_id, kind, topic, day, chunk, users, bitmap) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE users = VALUES(users), bitmap = VALUES(bitmap)
        """,
        statement -> {
          for (Map.Entry<Chunk, RoaringBitmap> entry : bitmaps.entrySet()) {
            Activity activity = entry.getKey().day().activity();
            statement.setInt(1, activity.tenantId());
            statement.setInt(2, activity.kind().number());
            statement.setString(3, activity.topic());
            statement.setObject(4, entry.getKey().day().day());
            statement.setInt(5, entry.getKey().number());
            statement.setInt(6, entry.getValue().getCardinality());
            statement.setBytes(7, bytes(entry.getValue()));
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  private void delete(int tenantId, Kind kind, LocalDate day) {
    jdbc.prepareStatement(
        "DELETE FROM active_user WHERE tenant_id = ? AND kind = ? AND day = ?",
        statement -> {
          statement.setInt(1, tenantId);
          statement.setInt(2, kind.number());
          statement.setObject(3, day);
          return statement.executeUpdate();
        });
  }
}
