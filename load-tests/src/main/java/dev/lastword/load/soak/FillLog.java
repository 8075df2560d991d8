package dev.lastword.load.soak;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.EmbeddedDatabase;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.logging.LogManager;

/**
 * Fills an empty log with searches of the last 90 days: three per session, every other one by one
 * of 200,000 users, with 50,000 keywords of very different frequency.
 *
 * <p>Arguments: the number of rows, and the data folder of the node, whose database is used unless
 * the settings have another. A log that was filled before, completely or in part, is completed; one
 * with other rows is refused.
 */
final class FillLog {

  private static final int DAYS = 90;
  private static final long MICROS_A_DAY = ChronoUnit.DAYS.getDuration().toMillis() * 1_000;
  private static final int CHUNK = 100_000;
  private static final String OLDEST =
      "FROM search_log WHERE tenant_id = 1 ORDER BY searched_at, id LIMIT 1";
  private static final String DIGITS =
      """
      (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
       UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)\
      """;

  private FillLog() {}

  public static void main(String[] args) throws SQLException {
    // Otherwise, the driver would log that it found OpenTelemetry, which is disabled.
    LogManager.getLogManager().reset();
    int rows = Integer.parseInt(args[0]);
    try (Connection connection = database(Path.of(args[1])).connect();
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, 0);
      String first = text(statement, "SELECT session_id " + OLDEST);
      if (first == null) {
        LocalDateTime oldest = time(statement, "SELECT UTC_TIMESTAMP(3)").minusDays(DAYS);
        cutMonths(statement, oldest);
        fill(statement, 0, rows, oldest);
      } else if (first.startsWith("soak-")) {
        String filled =
            text(
                statement,
                "SELECT COUNT(*) FROM search_log WHERE tenant_id = 1 AND session_id LIKE 'soak-%'");
        fill(
            statement,
            Integer.parseInt(filled),
            rows,
            time(statement, "SELECT searched_at " + OLDEST));
      } else {
        throw new IllegalStateException(
            "This log already has searches. Use a separate database for the soak.");
      }
    }
  }

  private static DatabaseAddress database(Path data) {
    try (ApplicationContext context =
        ApplicationContext.builder().banner(false).deduceEnvironment(false).build()) {
      context.getEnvironment().start();
      return DatabaseAddress.from(context.getEnvironment())
          .or(() -> EmbeddedDatabase.running(data))
          .orElseThrow();
    }
  }

  /** Creates partitions for older rows; the node has created those from this month on. */
  private static void cutMonths(Statement statement, LocalDateTime oldest) throws SQLException {
    String first =
        text(
            statement,
            """
            SELECT partition_name FROM information_schema.partitions
            WHERE table_schema = DATABASE() AND table_name = 'search_log'
            ORDER BY partition_ordinal_position LIMIT 1
            """);
    YearMonth end = YearMonth.parse(first.substring(2).replace('_', '-'));
    StringBuilder months = new StringBuilder();
    for (YearMonth month = YearMonth.from(oldest);
        !month.isAfter(end);
        month = month.plusMonths(1)) {
      months
          .append(months.isEmpty() ? "" : ", ")
          .append("PARTITION p_" + month.toString().replace('-', '_'))
          .append(" VALUES LESS THAN ('" + month.plusMonths(1).atDay(1) + "')");
    }
    statement.execute(
        "ALTER TABLE search_log REORGANIZE PARTITION " + first + " INTO (" + months + ")");
  }

  /** Fills in the order of time, so that an interrupted fill resumes where it stopped. */
  private static void fill(Statement statement, int from, int rows, LocalDateTime oldest)
      throws SQLException {
    long began = System.nanoTime();
    for (int start = from; start < rows; start += CHUNK) {
      int end = Math.min(start + CHUNK, rows);
      statement.execute(chunk(start, end, DAYS * MICROS_A_DAY / rows, oldest));
      if (end == rows || end % (10 * CHUNK) == 0) {
        System.err.printf(
            "filling the log: %,d of %,d rows, %d s%n",
            end, rows, (System.nanoTime() - began) / 1_000_000_000);
      }
    }
  }

  private static String chunk(int start, int end, long micros, LocalDateTime oldest) {
    return """
    INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded,
                            submitted, keystrokes, typed_at)
    SELECT CRC32(CONCAT('1:', session_id)) & 63,
           TIMESTAMPDIFF(MICROSECOND, '1970-01-01', searched_at) DIV 1000 * 4194304 + n %% 4194304,
           searched_at, 1, session_id, user_id, keyword, keyword, n %% 5 = 0, 8, searched_at
    FROM (
      SELECT n, CAST(TIMESTAMPADD(MICROSECOND, n * %s, '%s') AS DATETIME(3)) AS searched_at,
             CONCAT('soak-', n DIV 3) AS session_id,
             CASE WHEN n %% 2 = 0 THEN CONCAT('user-', CRC32(CONCAT('user', n)) %% 200000) END AS user_id,
             CONCAT('search ', FLOOR(POW(CRC32(n) / 4294967296, 3) * 50000)) AS keyword
      FROM (
        SELECT %d + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
        FROM %s AS a CROSS JOIN %4$s AS b CROSS JOIN %4$s AS c CROSS JOIN %4$s AS e CROSS JOIN %4$s AS f
      ) AS numbers
      WHERE n < %d
    ) AS searches
    """
        .formatted(micros, oldest, start, DIGITS, end);
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (var row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static LocalDateTime time(Statement statement, String query) throws SQLException {
    return LocalDateTime.parse(text(statement, query).replace(' ', 'T'));
  }
}
