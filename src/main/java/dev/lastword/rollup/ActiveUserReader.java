package dev.lastword.rollup;

import dev.lastword.row.Select;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Reads table {@code active_user}. */
@Singleton
public class ActiveUserReader {
  // Days in one query: of a million users, at most 4 MiB.
  private static final int SLICE_DAYS = 31;

  private final JdbcOperations jdbc;

  ActiveUserReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Returns the number of active users of each day that has some.
   *
   * @param last the last day
   */
  @Connectable("reads")
  public SortedMap<LocalDate, Long> perDay(Activity activity, LocalDate first, LocalDate last) {
    return jdbc.prepareStatement(
        """
        SELECT day, SUM(users) AS users FROM active_user
        WHERE tenant_id = ? AND kind = ? AND topic = ? AND day >= ? AND day <= ?
        GROUP BY day
        """,
        statement -> {
          set(statement, activity, first, last);
          SortedMap<LocalDate, Long> counts = new TreeMap<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            counts.put(rows.getObject("day", LocalDate.class), rows.getLong("users"));
          }
          return counts;
        });
  }

  /**
   * Passes the users of each day that has some, in the order of days. The bitmaps contain {@code
   * user_number.number}.
   *
   * @param first the first day, null for the first that has users
   * @param last the last day
   */
  @Connectable("reads")
  public void forEachDay(
      Activity activity,
      @Nullable LocalDate first,
      LocalDate last,
      BiConsumer<LocalDate, RoaringBitmap> action) {
    LocalDate start = next(activity, first == null ? LocalDate.EPOCH : first, last);
    while (start != null) {
      LocalDate end = start.plusDays(SLICE_DAYS - 1);
      slice(activity, start, end.isAfter(last) ? last : end).forEach(action);
      start = next(activity, end.plusDays(1), last);
    }
  }

  /**
   * Returns the ids of users, in the order of their numbers; without those who were erased.
   *
   * @param numbers at most 1,000
   */
  @Connectable("reads")
  public List<String> userIds(int tenantId, List<Integer> numbers) {
    if (numbers.isEmpty()) {
      return List.of();
    }
    List<Object> values = new ArrayList<>(List.of(tenantId));
    values.addAll(numbers);
    return Select.list(
        jdbc,
        "SELECT user_id FROM user_number WHERE tenant_id = ? AND number IN (%s) ORDER BY number"
            .formatted(Select.placeholders(numbers.size())),
        values,
        row -> row.getString("user_id"));
  }

  private @Nullable LocalDate next(Activity activity, LocalDate first, LocalDate last) {
    return jdbc.prepareStatement(
        """
        SELECT MIN(day) FROM active_user
        WHERE tenant_id = ? AND kind = ? AND topic = ? AND day >= ? AND day <= ?
        """,
        statement -> {
          set(statement, activity, first, last);
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getObject(1, LocalDate.class);
        });
  }

  private Map<LocalDate, RoaringBitmap> slice(Activity activity, LocalDate first, LocalDate last) {
    return jdbc.prepareStatement(
        """
        SELECT day, chunk, bitmap FROM active_user
        WHERE tenant_id = ? AND kind = ? AND topic = ? AND day >= ? AND day <= ?
        """,
        statement -> {
          set(statement, activity, first, last);
          Map<LocalDate, RoaringBitmap> days = new TreeMap<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            days.computeIfAbsent(rows.getObject("day", LocalDate.class), day -> new RoaringBitmap())
                .or(ActiveUsers.numbers(rows.getInt("chunk"), rows.getBytes("bitmap")));
          }
          return days;
        });
  }

  private static void set(
      PreparedStatement statement, Activity activity, LocalDate first, LocalDate last)
      throws SQLException {
    statement.setInt(1, activity.tenantId());
    statement.setInt(2, activity.kind().number());
    statement.setString(3, activity.topic());
    statement.setObject(4, first);
    statement.setObject(5, last);
  }
}
