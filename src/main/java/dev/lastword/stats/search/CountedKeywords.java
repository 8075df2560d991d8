package dev.lastword.stats.search;

import dev.lastword.rollup.SearchCountReader;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads searches per keyword from {@code daily_search}. The most frequent keywords are found
 * without reading the many rows of rare ones. This is the threshold algorithm of R. Fagin, A. Lotem
 * and M. Naor, "Optimal aggregation algorithms for middleware" (2003):
 *
 * <ol>
 *   <li>Read the rows with most searches, by their magnitude: first those with 1,024 to 2,047, then
 *       those with 512 to 1,023, and so on. A keyword's sum is at least that of its rows read so
 *       far; on each of its other days it has fewer searches than the rows read last.
 *   <li>Stop when a keyword that was never read cannot be among the {@code limit} most frequent.
 *   <li>Read the other days of those keywords that can be.
 *   <li>If that would read more than {@value #MAX_ROWS} rows, let the database add up all keywords:
 *       that takes no longer then, and no memory here.
 * </ol>
 */
@Singleton
class CountedKeywords implements KeywordReader {
  // Ranges of a query, of a few hundred bytes each in the optimizer; MySQL limits them to 8 MiB.
  private static final int MAX_RANGES = 5_000;
  private static final int MAX_KEYWORDS = 500;
  // As many rows by magnitude take as long as adding up all of them.
  static final int MAX_ROWS = 20_000;

  private final JdbcOperations jdbc;
  private final SearchCountReader totals;

  CountedKeywords(@Named("reads") JdbcOperations jdbc, SearchCountReader totals) {
    this.jdbc = jdbc;
    this.totals = totals;
  }

  /** The searches for a keyword on the days that were read. */
  private record Seen(long searches, int days) {
    Seen plus(Seen other) {
      return new Seen(searches + other.searches, days + other.days);
    }

    /** Returns the largest number that its searches on all days can have. */
    long atMost(int allDays, long othersAtMost) {
      return searches + (allDays - days) * othersAtMost;
    }
  }

  @Override
  public long total(int tenantId, Days days) {
    return totals.searches(tenantId, days.first(), days.last().plusDays(1));
  }

  @Override
  @Connectable("reads")
  public List<KeywordCount> mostFrequent(
      int tenantId, Days days, @Nullable String prefix, int limit) {
    List<LocalDate> active = activeDays(tenantId, days);
    if (active.isEmpty()) {
      return List.of();
    }
    List<KeywordCount> found = prefix == null ? byThreshold(tenantId, days, active, limit) : null;
    return found == null ? bySum(tenantId, active, prefix, limit) : found;
  }

  @Override
  @Connectable("reads")
  public Map<String, Long> atLeast(int tenantId, Days days, int searches) {
    Map<String, Long> counts = new HashMap<>();
    Select.forEach(
        jdbc,
        """
        SELECT folded, SUM(searches) AS total FROM daily_search FORCE INDEX (PRIMARY)
        WHERE tenant_id = ? AND day >= ? AND day <= ?
        GROUP BY folded
        HAVING total >= ?
        """,
        List.of(tenantId, days.first(), days.last(), searches),
        row -> counts.put(row.getString("folded"), row.getLong("total")));
    return counts;
  }

  @Override
  @Connectable("reads")
  public Map<String, Long> of(int tenantId, Days days, Collection<String> keywords) {
    return sums(tenantId, activeDays(tenantId, days), keywords);
  }

  /** Returns null if too many rows would have to be read. */
  private @Nullable List<KeywordCount> byThreshold(
      int tenantId, Days days, List<LocalDate> active, int limit) {
    Map<String, Seen> seen = new HashMap<>();
    int rows = 0;
    for (int magnitude = maxMagnitude(tenantId); magnitude > 0; magnitude--) {
      rows += read(tenantId, days, magnitude, MAX_ROWS - rows + 1, seen);
      if (rows > MAX_ROWS) {
        return null;
      }
      long othersAtMost = (1L << (magnitude - 1)) - 1;
      long needed = limitLargest(seen.values(), limit);
      if (needed > active.size() * othersAtMost) {
        seen.values().removeIf(row -> row.atMost(active.size(), othersAtMost) < needed);
        return KeywordCount.mostFrequent(sums(tenantId, active, seen.keySet()), limit);
      }
    }
    Map<String, Long> all = new HashMap<>();
    seen.forEach((keyword, row) -> all.put(keyword, row.searches));
    return KeywordCount.mostFrequent(all, limit);
  }

  /** Adds up all keywords, or those with a prefix, in the database. */
  private List<KeywordCount> bySum(
      int tenantId, List<LocalDate> days, @Nullable String prefix, int limit) {
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    String condition = "day >= ? AND day <= ?";
    if (prefix == null) {
      values.add(days.get(0));
      values.add(days.get(days.size() - 1));
    } else {
      // Each day is a range of the primary key.
      condition =
          "day IN (%s) AND folded LIKE ? ESCAPE '|'".formatted(Select.placeholders(days.size()));
      values.addAll(days);
      values.add(Select.literally(prefix) + "%");
    }
    values.add(limit);
    return Select.list(
        jdbc,
        """
        SELECT folded, SUM(searches) AS total FROM daily_search FORCE INDEX (PRIMARY)
        WHERE tenant_id = ? AND %s
        GROUP BY folded
        ORDER BY total DESC, folded
        LIMIT ?
        """
            .formatted(condition),
        values,
        row -> new KeywordCount(row.getString("folded"), row.getLong("total")));
  }

  /** Returns the searches of keywords on some days, by lookups in the primary key. */
  private Map<String, Long> sums(int tenantId, List<LocalDate> days, Collection<String> keywords) {
    Map<String, Long> sums = new HashMap<>();
    for (List<String> some : slices(List.copyOf(keywords), MAX_KEYWORDS)) {
      for (List<LocalDate> someDays : slices(days, Math.max(1, MAX_RANGES / some.size()))) {
        List<Object> values = new ArrayList<>();
        values.add(tenantId);
        values.addAll(someDays);
        values.addAll(some);
        Select.forEach(
            jdbc,
            """
            SELECT folded, SUM(searches) AS total FROM daily_search FORCE INDEX (PRIMARY)
            WHERE tenant_id = ? AND day IN (%s) AND folded IN (%s)
            GROUP BY folded
            """
                .formatted(Select.placeholders(someDays.size()), Select.placeholders(some.size())),
            values,
            row -> sums.merge(row.getString("folded"), row.getLong("total"), Long::sum));
      }
    }
    return sums;
  }

  /** Returns the number that {@code limit} keywords reach; 0 if there are fewer. */
  private static long limitLargest(Collection<Seen> seen, int limit) {
    return seen.stream()
        .map(Seen::searches)
        .sorted(Comparator.reverseOrder())
        .skip(limit - 1L)
        .findFirst()
        .orElse(0L);
  }

  /** Returns the days with searches. */
  private List<LocalDate> activeDays(int tenantId, Days days) {
    return Select.list(
        jdbc,
        """
        SELECT DISTINCT DATE(hour) AS day FROM hourly_search
        WHERE tenant_id = ? AND hour >= ? AND hour < ? AND searches > 0
        ORDER BY day
        """,
        List.of(tenantId, days.first(), days.last().plusDays(1)),
        row -> row.getObject("day", LocalDate.class));
  }

  private int maxMagnitude(int tenantId) {
    return Select.list(
            jdbc,
            "SELECT COALESCE(MAX(magnitude), 0) FROM daily_search WHERE tenant_id = ?",
            List.of(tenantId),
            row -> row.getInt(1))
        .get(0);
  }

  /** Returns the number of rows read. */
  private int read(int tenantId, Days days, int magnitude, int limit, Map<String, Seen> seen) {
    AtomicInteger rows = new AtomicInteger();
    Select.forEach(
        jdbc,
        """
        SELECT folded, searches FROM daily_search FORCE INDEX (by_magnitude)
        WHERE tenant_id = ? AND magnitude = ? AND day >= ? AND day <= ?
        LIMIT ?
        """,
        List.of(tenantId, magnitude, days.first(), days.last(), limit),
        row -> {
          rows.incrementAndGet();
          seen.merge(row.getString("folded"), new Seen(row.getLong("searches"), 1), Seen::plus);
        });
    return rows.get();
  }

  private static <T> List<List<T>> slices(List<T> all, int size) {
    List<List<T>> slices = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      slices.add(all.subList(i, Math.min(i + size, all.size())));
    }
    return slices;
  }
}
