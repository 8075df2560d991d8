package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.rollup.SessionCounts;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LoggedSearches;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions and searches per day from {@code daily_session} and {@code hourly_search}; the
 * sessions of today from {@code search_log}.
 */
@Singleton
class SessionsReader {
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1);

  /**
   * The searches of a day.
   *
   * @param sessions null if retention had dropped the day from the log before they were counted
   */
  record SearchDay(@Nullable Long sessions, long searches, long keystrokes) {
    static final SearchDay NONE = new SearchDay(0L, 0, 0);
  }

  /** The days with searches, and whether sessions of some must be counted first. */
  private record Found(Map<LocalDate, SearchDay> days, boolean isComplete) {}

  private final JdbcOperations jdbc;
  private final SessionCounts sessions;
  private final Snapshot snapshot;

  SessionsReader(@Named("reads") JdbcOperations jdbc, SessionCounts sessions, Snapshot snapshot) {
    this.jdbc = jdbc;
    this.sessions = sessions;
    this.snapshot = snapshot;
  }

  /**
   * Returns the days that have searches. Days that were not counted since their last search are
   * counted first; if that takes longer than a second, responds with 503.
   */
  Map<LocalDate, SearchDay> read(int tenantId, Days days) {
    return days.isUtc() ? counted(tenantId, days) : snapshot.read(() -> logged(tenantId, days));
  }

  private Map<LocalDate, SearchDay> counted(int tenantId, Days days) {
    long start = System.nanoTime();
    Found found = snapshot.read(() -> find(tenantId, days));
    // Again, if late searches of these days arrive meanwhile.
    while (!found.isComplete && System.nanoTime() - start < LONGEST_WAIT) {
      sessions.complete(LONGEST_WAIT);
      found = snapshot.read(() -> find(tenantId, days));
    }
    if (!found.isComplete) {
      throw new HttpStatusException(
          HttpStatus.SERVICE_UNAVAILABLE, "Sessions of past days are being counted. Retry later.");
    }
    return found.days;
  }

  private Found find(int tenantId, Days days) {
    Map<LocalDate, SearchDay> found = new TreeMap<>();
    Set<LocalDate> uncounted = new TreeSet<>();
    Set<LocalDate> open = new TreeSet<>();
    Select.forEach(
        jdbc,
        """
        SELECT h.day, h.searches, h.keystrokes, s.sessions, h.day >= UTC_DATE() AS is_open,
               s.day IS NULL AND h.day >= COALESCE(r.log_since, h.day) AS is_uncounted
        FROM (SELECT DATE(hour) AS day, SUM(searches) AS searches, SUM(keystrokes) AS keystrokes
              FROM hourly_search WHERE tenant_id = ? AND hour >= ? AND hour < ? GROUP BY DATE(hour)) AS h
        JOIN rollup_head r ON r.feed = ?
        LEFT JOIN daily_session s ON s.tenant_id = ? AND s.day = h.day
        """,
        List.of(tenantId, days.first(), days.last().plusDays(1), Feed.SEARCHES.number(), tenantId),
        row -> {
          LocalDate day = row.getObject("day", LocalDate.class);
          found.put(
              day,
              new SearchDay(
                  row.getObject("sessions", Long.class),
                  row.getLong("searches"),
                  row.getLong("keystrokes")));
          if (row.getBoolean("is_open")) {
            open.add(day);
          } else if (row.getBoolean("is_uncounted")) {
            uncounted.add(day);
          }
        });
    for (LocalDate day : open) {
      found.computeIfPresent(
          day,
          (key, row) ->
              new SearchDay(
                  SessionCounts.logged(jdbc, tenantId, day), row.searches, row.keystrokes));
    }
    return new Found(found, uncounted.isEmpty());
  }

  private Map<LocalDate, SearchDay> logged(int tenantId, Days days) {
    Map<LocalDate, Set<String>> sessionsOfDay = new HashMap<>();
    Map<LocalDate, SearchDay> found = new TreeMap<>();
    LoggedSearches.of(tenantId, days, null)
        .forEach(
            jdbc,
            "searched_at, session_id, keystrokes",
            "",
            row -> {
              LocalDate day =
                  days.at(row.getObject("searched_at", LocalDateTime.class)).toLocalDate();
              Set<String> seen = sessionsOfDay.computeIfAbsent(day, key -> new HashSet<>());
              seen.add(row.getString("session_id"));
              SearchDay before = found.getOrDefault(day, SearchDay.NONE);
              found.put(
                  day,
                  new SearchDay(
                      (long) seen.size(),
                      before.searches + 1,
                      before.keystrokes + row.getLong("keystrokes")));
            });
    return found;
  }
}
