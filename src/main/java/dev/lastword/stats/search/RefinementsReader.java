package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.LogLimit;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what sessions searched for after a keyword, from {@code search_log}. */
@Singleton
class RefinementsReader {
  private static final int MINUTES = 30;

  private static final String ROWS =
      """
      (SELECT DISTINCT session_id FROM search_log FORCE INDEX (by_keyword)
       WHERE tenant_id = ? AND folded = ? AND searched_at >= ? AND searched_at < ?) AS sessions
      STRAIGHT_JOIN search_log AS l FORCE INDEX (by_session)
        ON l.tenant_id = ? AND l.session_id = sessions.session_id
        AND l.searched_at >= ? AND l.searched_at < ?
      """;

  /**
   * The searches that followed a keyword.
   *
   * @param searches searches for the keyword
   * @param next number of each keyword that came next
   */
  record FollowUps(long searches, Map<String, Long> next) {}

  private final JdbcOperations jdbc;

  RefinementsReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  FollowUps read(int tenantId, String keyword, Days days) {
    LocalDateTime first = days.start();
    LocalDateTime end = days.end();
    List<Object> values =
        List.of(tenantId, keyword, first, end, tenantId, first, end.plusMinutes(MINUTES));
    LogLimit.require(
        jdbc,
        Feed.SEARCHES,
        first,
        ROWS,
        values,
        "searches of these sessions; use a shorter range");
    var visits = new Visits(keyword, end);
    Select.forEach(
        jdbc,
        """
        SELECT l.session_id, l.searched_at, l.folded FROM %s
        ORDER BY l.session_id, l.searched_at, l.id
        """
            .formatted(ROWS),
        values,
        row ->
            visits.add(
                row.getString("session_id"),
                row.getObject("searched_at", LocalDateTime.class),
                row.getString("folded")));
    return visits.followUps();
  }

  /** Walks through sessions, each in order. */
  private static final class Visits {
    private final String keyword;
    private final LocalDateTime end;
    private final Map<String, Long> next = new HashMap<>();
    private long searches;
    private @Nullable String session;
    private @Nullable LocalDateTime latest; // of the keyword, while nothing has followed

    Visits(String keyword, LocalDateTime end) {
      this.keyword = keyword;
      this.end = end;
    }

    void add(String sessionId, LocalDateTime at, String searched) {
      if (!sessionId.equals(session) || latest != null && at.isAfter(latest.plusMinutes(MINUTES))) {
        latest = null;
      }
      session = sessionId;
      if (searched.equals(keyword)) {
        // A repeat is the same search.
        if (latest != null) {
          latest = at;
        } else if (at.isBefore(end)) {
          latest = at;
          searches++;
        }
      } else if (latest != null) {
        next.merge(searched, 1L, Long::sum);
        latest = null;
      }
    }

    FollowUps followUps() {
      return new FollowUps(searches, next);
    }
  }
}
