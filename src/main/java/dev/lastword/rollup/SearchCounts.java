package dev.lastword.rollup;

import dev.lastword.row.Update;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes tables {@code daily_search} and {@code hourly_search}. */
@Singleton
class SearchCounts {

  private record Daily(int tenantId, LocalDate day, String folded) {
    static final Comparator<Daily> ORDER =
        Comparator.comparingInt(Daily::tenantId)
            .thenComparing(Daily::day)
            .thenComparing(Daily::folded);
  }

  private record Hourly(int tenantId, LocalDateTime hour) {
    static final Comparator<Hourly> ORDER =
        Comparator.comparingInt(Hourly::tenantId).thenComparing(Hourly::hour);
  }

  private record Sum(long searches, long keystrokes) {
    Sum plus(Sum other) {
      return new Sum(searches + other.searches, keystrokes + other.keystrokes);
    }
  }

  private final JdbcOperations jdbc;

  SearchCounts(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds searches to their counts. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void add(List<LoggedRow> searches) {
    addDaily(daily(searches, 1));
    addHourly(hourly(searches, 1));
  }

  /** Subtracts searches from their counts. What nobody searched for is not counted as 0. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void subtract(List<LoggedRow> searches) {
    Map<Daily, Sum> daily = daily(searches, -1);
    Map<Hourly, Sum> hourly = hourly(searches, -1);
    addDaily(daily);
    addHourly(hourly);
    Update.batch(
        jdbc,
        "DELETE FROM daily_search WHERE tenant_id = ? AND day = ? AND folded = ? AND searches = 0",
        daily.keySet().stream()
            .map(key -> List.of(key.tenantId(), key.day(), key.folded()))
            .toList());
    Update.batch(
        jdbc,
        "DELETE FROM hourly_search WHERE tenant_id = ? AND hour = ? AND searches = 0",
        hourly.keySet().stream().map(key -> List.of(key.tenantId(), key.hour())).toList());
  }

  private static Map<Daily, Sum> daily(List<LoggedRow> searches, int sign) {
    return sum(
        searches, row -> new Daily(row.tenantId(), row.day(), row.subject()), Daily.ORDER, sign);
  }

  private static Map<Hourly, Sum> hourly(List<LoggedRow> searches, int sign) {
    return sum(
        searches,
        row -> new Hourly(row.tenantId(), row.time().truncatedTo(ChronoUnit.HOURS)),
        Hourly.ORDER,
        sign);
  }

  /** Deletes the counts of a day. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(int tenantId, LocalDate day) {
    Update.run(
        jdbc,
        "DELETE FROM daily_search WHERE tenant_id = ? AND day >= ? AND day < ?",
        tenantId,
        day,
        day.plusDays(1));
    Update.run(
        jdbc,
        "DELETE FROM hourly_search WHERE tenant_id = ? AND hour >= ? AND hour < ?",
        tenantId,
        day,
        day.plusDays(1));
  }

  private static <K> Map<K, Sum> sum(
      List<LoggedRow> rows, Function<LoggedRow, K> key, Comparator<K> order, int sign) {
    Map<K, Sum> sums = new TreeMap<>(order);
    for (LoggedRow row : rows) {
      sums.merge(key.apply(row), new Sum(sign, (long) sign * row.keystrokes()), Sum::plus);
    }
    return sums;
  }

  private void addDaily(Map<Daily, Sum> sums) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO daily_search (tenant_id, day, folded, searches, keystrokes, magnitude) VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE searches = searches + VALUES(searches), keystrokes = keystrokes + VALUES(keystrokes),
                                magnitude = LENGTH(BIN(searches))
        """,
        statement -> {
          for (Map.Entry<Daily, Sum> count : sums.entrySet()) {
            statement.setInt(1, count.getKey().tenantId());
            statement.setObject(2, count.getKey().day());
            statement.setString(3, count.getKey().folded());
            statement.setLong(4, count.getValue().searches());
            statement.setLong(5, count.getValue().keystrokes());
            // Of a new row; a negative number never makes one.
            statement.setInt(
                6, Long.toBinaryString(Math.abs(count.getValue().searches())).length());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  private void addHourly(Map<Hourly, Sum> sums) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO hourly_search (tenant_id, hour, searches, keystrokes) VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE searches = searches + VALUES(searches), keystrokes = keystrokes + VALUES(keystrokes)
        """,
        statement -> {
          for (Map.Entry<Hourly, Sum> count : sums.entrySet()) {
            statement.setInt(1, count.getKey().tenantId());
            statement.setObject(2, count.getKey().hour());
            statement.setLong(3, count.getValue().searches());
            statement.setLong(4, count.getValue().keystrokes());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
