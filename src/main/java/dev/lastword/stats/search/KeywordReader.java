package dev.lastword.stats.search;

import dev.lastword.rollup.SearchCountReader;
import dev.lastword.row.PrefixRange;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LoggedSearches;
import dev.lastword.stats.WholeDays;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads searches per keyword: those of whole days of UTC from {@code daily_search}, and for days of
 * other time zones the hours before and after from {@code search_log}, see {@link
 * LoggedSearches#aroundDaysOfUtc}.
 *
 * <p>The most frequent keywords are found without reading the many rows of rare ones. This is the
 * threshold algorithm of R. Fagin, A. Lotem and M. Naor, "Optimal aggregation algorithms for
 * middleware" (2003):
 *
 * <ol>
 *   <li>Read what is in the log, as another day.
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
class KeywordReader {
  // Ranges of a query, of a few hundred bytes each in the optimizer; MySQL limits them to 8 MiB.
  private static final int MAX_RANGES = 5_000;
  private static final int MAX_KEYWORDS = 500;
  // More keywords are not looked up before more rows are read, which leaves fewer of them.
  private static final int MAX_LOOKUPS = 200_000;
  // As many rows by magnitude take as long as adding up all of them.
  static final int MAX_ROWS = 20_000;

  private final JdbcOperations jdbc;
  private final SearchCountReader totals;

  KeywordReader(@Named("reads") JdbcOperations jdbc, SearchCountReader totals) {
    this.jdbc = jdbc;
    this.totals = totals;
  }

  /** The searches for a keyword that were read, and on how many counted days. */
  private record Seen(long searches, int days) {
    Seen plus(Seen other) {
      return new Seen(searches + other.searches, days + other.days);
    }

    /** Returns the largest number that its searches on all days can have. */
    long atMost(int allDays, long othersAtMost) {
      return searches + (allDays - days) * othersAtMost;
    }
  }

  /** Returns the number of all searches. */
  @Connectable("reads")
  long total(int tenantId, Days days) {
    WholeDays whole = days.wholeDaysOfUtc();
    long counted =
        totals.searches(tenantId, whole.first().toLocalDate(), whole.next().toLocalDate());
    long logged =
        LoggedSearches.aroundDaysOfUtc(tenantId, days)
            .map(around -> around.requireFew(jdbc))
            .orElse(0L);
    return counted + logged;
  }

  /**
   * Returns the most frequent keywords, most frequent first, then by keyword.
   *
   * @param prefix of the keywords, null for all
   */
  @Connectable("reads")
  List<KeywordCount> mostFrequent(int tenantId, Days days, @Nullable String prefix, int limit) {
    List<LocalDate> active = activeDays(tenantId, days);
    List<KeywordCount> found =
        prefix == null ? byThreshold(tenantId, active, logged(tenantId, days), limit) : null;
    return found == null ? bySum(tenantId, days, active, prefix, limit) : found;
  }

  /** Returns the keywords with at least this number of searches. */
  @Connectable("reads")
  Map<String, Long> atLeast(int tenantId, Days days, int searches) {
    Map<String, Long> counts = new HashMap<>();
    Rows rows = rows(tenantId, days, activeDays(tenantId, days), null);
    Select.forEach(
        jdbc,
        """
        SELECT folded, SUM(searches) AS total FROM %s
        GROUP BY folded
        HAVING total >= ?
        """
            .formatted(rows.from),
        rows.valuesAnd(searches),
        row -> counts.put(row.getString("folded"), row.getLong("total")));
    return counts;
  }

  /** Returns the searches for some keywords, without those that have none. */
  @Connectable("reads")
  Map<String, Long> of(int tenantId, Days days, Collection<String> keywords) {
    Map<String, Long> logged = logged(tenantId, days);
    logged.keySet().retainAll(Set.copyOf(keywords));
    return sums(tenantId, activeDays(tenantId, days), keywords, logged);
  }

  /** Returns the searches that are not in counts. */
  private Map<String, Long> logged(int tenantId, Days days) {
    Map<String, Long> counts = new HashMap<>();
    LoggedSearches.aroundDaysOfUtc(tenantId, days)
        .ifPresent(
            around ->
                around.forEach(
                    jdbc,
                    "folded, COUNT(*) AS searches",
                    "GROUP BY folded",
                    row -> counts.put(row.getString("folded"), row.getLong("searches"))));
    return counts;
  }

  /** Returns null if too many rows would have to be read. */
  private @Nullable List<KeywordCount> byThreshold(
      int tenantId, List<LocalDate> days, Map<String, Long> logged, int limit) {
    Map<String, Seen> seen = new HashMap<>();
    logged.forEach((keyword, searches) -> seen.put(keyword, new Seen(searches, 0)));
    int rows = 0;
    for (int magnitude = days.isEmpty() ? 0 : maxMagnitude(tenantId); magnitude > 0; magnitude--) {
      rows += read(tenantId, days, magnitude, MAX_ROWS - rows + 1, seen);
      if (rows > MAX_ROWS) {
        return null;
      }
      long othersAtMost = (1L << (magnitude - 1)) - 1;
      long needed = limitLargest(seen.values(), limit);
      if (needed > days.size() * othersAtMost) {
        List<String> candidates =
            seen.entrySet().stream()
                .filter(row -> row.getValue().atMost(days.size(), othersAtMost) >= needed)
                .map(Map.Entry::getKey)
                .toList();
        if ((long) candidates.size() * days.size() <= MAX_LOOKUPS) {
          Map<String, Long> ofCandidates = new HashMap<>(logged);
          ofCandidates.keySet().retainAll(Set.copyOf(candidates));
          return KeywordCount.mostFrequent(sums(tenantId, days, candidates, ofCandidates), limit);
        }
      }
    }
    Map<String, Long> all = new HashMap<>();
    seen.forEach((keyword, row) -> all.put(keyword, row.searches));
    return KeywordCount.mostFrequent(all, limit);
  }

  /** Adds up all keywords, or those with a prefix, in the database. */
  private List<KeywordCount> bySum(
      int tenantId, Days days, List<LocalDate> active, @Nullable String prefix, int limit) {
    Rows rows = rows(tenantId, days, active, prefix);
    return Select.list(
        jdbc,
        """
        SELECT folded, SUM(searches) AS total FROM %s
        GROUP BY folded
        ORDER BY total DESC, folded
        LIMIT ?
        """
            .formatted(rows.from),
        rows.valuesAnd(limit),
        row -> new KeywordCount(row.getString("folded"), row.getLong("total")));
  }

  /**
   * Searches of a keyword and day each.
   *
   * @param from table and condition
   * @param values parameters of the condition
   */
  private record Rows(String from, List<Object> values) {
    List<Object> valuesAnd(Object last) {
      List<Object> all = new ArrayList<>(values);
      all.add(last);
      return all;
    }
  }

  private Rows rows(int tenantId, Days days, List<LocalDate> active, @Nullable String prefix) {
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    String counted = "daily_search FORCE INDEX (PRIMARY) WHERE tenant_id = ? AND ";
    PrefixRange range = prefix == null ? null : PrefixRange.of("folded", prefix);
    String starts = range == null ? "" : " AND " + range.condition();
    List<Object> bounds = range == null ? List.of() : range.values();
    if (active.isEmpty()) {
      counted += "FALSE";
    } else if (prefix == null) {
      counted += "day >= ? AND day <= ?";
      values.add(active.get(0));
      values.add(active.get(active.size() - 1));
    } else {
      // Each day is a range of the primary key.
      counted += "day IN (%s)".formatted(Select.placeholders(active.size())) + starts;
      values.addAll(active);
      values.addAll(bounds);
    }
    Optional<LoggedSearches> logged = LoggedSearches.aroundDaysOfUtc(tenantId, days);
    if (logged.isEmpty()) {
      return new Rows(counted, values);
    }
    logged.get().requireFew(jdbc);
    values.addAll(logged.get().values());
    values.addAll(bounds);
    return new Rows(
        """
        (SELECT folded, searches FROM %s
         UNION ALL
         SELECT folded, COUNT(*) FROM %s%s GROUP BY folded) AS counted
        """
            .formatted(counted, logged.get().from(), starts),
        values);
  }

  /**
   * Returns the searches of keywords on some days, by lookups in the primary key.
   *
   * @param logged searches to add
   */
  private Map<String, Long> sums(
      int tenantId, List<LocalDate> days, Collection<String> keywords, Map<String, Long> logged) {
    Map<String, Long> sums = new HashMap<>(logged);
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

  /** Returns the whole days of UTC that have searches. */
  private List<LocalDate> activeDays(int tenantId, Days days) {
    WholeDays whole = days.wholeDaysOfUtc();
    return Select.list(
        jdbc,
        """
        SELECT DISTINCT DATE(hour) AS day FROM hourly_search
        WHERE tenant_id = ? AND hour >= ? AND hour < ? AND searches > 0
        ORDER BY day
        """,
        List.of(tenantId, whole.first(), whole.next()),
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
  private int read(
      int tenantId, List<LocalDate> days, int magnitude, int limit, Map<String, Seen> seen) {
    AtomicInteger rows = new AtomicInteger();
    Select.forEach(
        jdbc,
        """
        SELECT folded, searches FROM daily_search FORCE INDEX (by_magnitude)
        WHERE tenant_id = ? AND magnitude = ? AND day >= ? AND day <= ?
        LIMIT ?
        """,
        List.of(tenantId, magnitude, days.get(0), days.get(days.size() - 1), limit),
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
