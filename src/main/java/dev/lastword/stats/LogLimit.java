package dev.lastword.stats;

import dev.lastword.feed.Feed;
import dev.lastword.http.Parameters;
import dev.lastword.row.Select;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** Limits what one answer reads from a log; responds with 400 to other questions. */
public final class LogLimit {
  public static final int MAX_ROWS = 200_000;

  private LogLimit() {}

  /**
   * Requires that there are at most {@value #MAX_ROWS} rows, and that retention has dropped none.
   *
   * @param start of the rows, in UTC
   * @param from table and condition
   * @param values parameters of the condition
   * @param advice names the rows, and says how to have fewer
   * @return the number of rows
   */
  public static long require(
      JdbcOperations jdbc,
      Feed feed,
      LocalDateTime start,
      String from,
      List<?> values,
      String advice) {
    LocalDate first = start.toLocalDate();
    List<LocalDate> since =
        Select.list(
            jdbc,
            "SELECT log_since FROM rollup_head WHERE feed = ? AND log_since > ?",
            List.of(feed.number(), first),
            row -> row.getObject("log_since", LocalDate.class));
    Parameters.require(
        since.isEmpty(),
        "This answer is read from the log, which retention has dropped in part; from must be %s or later."
            .formatted(since.stream().findFirst().orElse(first)));
    List<Object> all = new ArrayList<>(values);
    all.add(MAX_ROWS + 1);
    long rows =
        Select.list(
                jdbc,
                "SELECT COUNT(*) FROM (SELECT 1 FROM %s LIMIT ?) AS some".formatted(from),
                all,
                row -> row.getLong(1))
            .get(0);
    Parameters.require(
        rows <= MAX_ROWS,
        "This answer is read from the log, and at most %d %s.".formatted(MAX_ROWS, advice));
    return rows;
  }
}
