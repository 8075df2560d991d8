package dev.lastword.ops;

import static dev.lastword.ops.Finding.fail;
import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;

import dev.lastword.search.StagingBacklog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Checks that the jobs run. */
final class JobChecks {
  private static final Duration LAG_TOLERANCE = Duration.ofSeconds(30);
  // The rollup runs twice a second.
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int MAX_LOOKS = 20;

  private JobChecks() {}

  static Finding staging(Connection connection, Duration debounce) throws SQLException {
    StagingBacklog backlog =
        Check.query(
                connection,
                StagingBacklog.query(debounce, StagingBacklog.ALL),
                StagingBacklog::read)
            .get(0);
    String seen = "%d staged, %d of them aged".formatted(backlog.staged(), backlog.aged());
    if (backlog.lag().compareTo(LAG_TOLERANCE) >= 0) {
      return fail(
          "staging",
          "%s, the oldest for %d s".formatted(seen, backlog.lag().toSeconds()),
          "no node promotes; check that one runs with LASTWORD_PROMOTION_ENABLED, and its log");
    }
    return backlog.refused() == 0
        ? ok("staging", seen)
        : warn(
            "staging",
            "%s; %d cannot be logged".formatted(seen, backlog.refused()),
            "see sql/inspect/refused.sql; fix the cause, then set column refused to NULL");
  }

  static Finding rollup(Connection connection) throws SQLException {
    Uncounted first = Uncounted.read(connection);
    Uncounted now = first;
    for (int look = 0; look < MAX_LOOKS && !now.isNone() && now.counted == first.counted; look++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      now = Uncounted.read(connection);
    }
    if (now.isNone()) {
      return ok("rollup", "all rows are counted");
    }
    String seen =
        "%d rows to count, %d transactions without position".formatted(now.rows, now.transactions);
    return now.counted > first.counted
        ? ok("rollup", seen)
        : warn("rollup", seen, "no node counts them; check that one runs, and its log");
  }

  /** Rows that are not counted, and the sum of the positions that are. */
  private record Uncounted(long rows, long transactions, long counted) {

    static Uncounted read(Connection connection) throws SQLException {
      return Check.query(
              connection,
              """
              SELECT SUM(h.last_position - r.position), (SELECT COUNT(*) FROM feed_outbox), SUM(r.position)
              FROM rollup_head r JOIN feed_head h ON h.feed = r.feed
              """,
              row -> new Uncounted(row.getLong(1), row.getLong(2), row.getLong(3)))
          .get(0);
    }

    boolean isNone() {
      return rows == 0 && transactions == 0;
    }
  }

  static Finding locks(Connection connection) throws SQLException {
    List<String> held =
        Check.query(
            connection,
            "SELECT name, locked_by FROM shedlock WHERE lock_until > UTC_TIMESTAMP(3) ORDER BY name",
            row -> row.getString(1) + " by " + row.getString(2));
    return ok("locks", held.isEmpty() ? "none held" : String.join(", ", held));
  }
}
