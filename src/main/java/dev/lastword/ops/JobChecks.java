package dev.lastword.ops;

import static dev.lastword.ops.Finding.fail;
import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;

import dev.lastword.search.StagingBacklog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Checks that the jobs run. */
final class JobChecks {
  private static final Duration LAG_TOLERANCE = Duration.ofSeconds(30);

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

  static Finding locks(Connection connection) throws SQLException {
    List<String> held =
        Check.query(
            connection,
            "SELECT name, locked_by FROM shedlock WHERE lock_until > UTC_TIMESTAMP(3) ORDER BY name",
            row -> row.getString(1) + " by " + row.getString(2));
    return ok("locks", held.isEmpty() ? "none held" : String.join(", ", held));
  }
}
