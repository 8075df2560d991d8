package dev.lastword.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills the tables of a schema like years of use. */
final class BigTables {
  private static final int CHUNK = 100_000;
  private static final Pattern KEY = Pattern.compile("(?m)^  (KEY `(\\w+)`.*?),?$");
  private static final String DIGITS =
      "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
          + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  private static final String NUMBERS =
      "(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM "
          + "%1$s a, %1$s b, %1$s c, %1$s e, %1$s f) numbers".formatted(DIGITS);

  private final Database database;
  private final String schema;

  BigTables(Database database, String schema) {
    this.database = database;
    this.schema = schema;
  }

  /**
   * Adds searches of the last weeks. The secondary indexes are created afterwards, which takes a
   * fraction of the time.
   */
  void log(long rows) throws SQLException {
    withoutIndexes(
        "search_log",
        () -> {
          for (long from = 0; from < rows; from += CHUNK) {
            database.execute(
                schema,
                """
                INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded,
                  submitted, keystrokes, typed_at)
                SELECT (%1$d + n) & 63, (1750000000000 << 22) + %1$d + n,
                  UTC_TIMESTAMP(3) - INTERVAL (%3$d - %1$d - n) DIV 10 SECOND, 1, CONCAT('old-', (%1$d + n) DIV 3),
                  IF(n %% 4 = 0, CONCAT('user-', n %% 100000), NULL),
                  CONCAT(ELT(1 + n %% 6, 'business', 'search', 'marketing', 'python', 'shoes', 'flights'), ' ', n * 7919 %% 50000),
                  CONCAT(ELT(1 + n %% 6, 'business', 'search', 'marketing', 'python', 'shoes', 'flights'), ' ', n * 7919 %% 50000),
                  0, 9, NULL
                FROM %4$s WHERE n < %2$d
                """
                    .formatted(from, Math.min(CHUNK, rows - from), rows, NUMBERS));
          }
        });
  }

  /**
   * Adds events and as many searches of the last ninety days: a million users and half a million
   * keywords by Zipf, of which half have a user, and fifty topics.
   */
  void history(long rows) throws SQLException {
    // The rank of item i among n: a uniform number as the exponent gives frequencies like 1/rank.
    String user = "CONCAT('user-', %s)".formatted(zipf("user", 1_000_000));
    String keyword = "CONCAT('keyword ', %s)".formatted(zipf("keyword", 500_000));
    String topic = "CONCAT('topic-', %s)".formatted(zipf("topic", 50));
    String time =
        "UTC_TIMESTAMP(3) - INTERVAL ROUND((%1$d - i) * (90 * 86400000000 / %1$d)) MICROSECOND"
            .formatted(rows);
    withoutIndexes(
        "event_log",
        () ->
            inChunks(
                rows,
                """
                INSERT INTO event_log (bucket, id, occurred_at, tenant_id, topic, event_id, user_id, value, received_at)
                SELECT i & 63, (1750000000000 << 22) + i, %s, 1, %s, CONCAT('e-', i), %s, i %% 1000, UTC_TIMESTAMP(3)
                """
                    .formatted(time, topic, user)));
    withoutIndexes(
        "search_log",
        () ->
            inChunks(
                rows,
                """
                INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded,
                  submitted, keystrokes)
                SELECT i & 63, (1750000000000 << 22) + i, %s, 1, CONCAT('s-', i DIV 3), IF(i & 1, %s, NULL), %s, %s, 0, 9
                """
                    .formatted(time, user, keyword, keyword)));
    database.execute(
        schema,
        """
        INSERT INTO daily_topic (bucket, tenant_id, day, topic, events, duplicates, changed, rejected, value_count,
          value_sum, value_min, value_max)
        SELECT bucket & 7, tenant_id, DATE(occurred_at), topic, COUNT(*), 0, 0, 0, COUNT(value), SUM(value), MIN(value),
          MAX(value)
        FROM event_log GROUP BY 1, 2, 3, 4
        """);
  }

  private static String zipf(String name, int items) {
    return "FLOOR(POW(%d, CRC32(CONCAT('%s', i)) * 2.3283064365386963e-10))".formatted(items, name);
  }

  private void inChunks(long rows, String insert) throws SQLException {
    for (long from = 0; from < rows; from += CHUNK) {
      database.execute(
          schema,
          insert
              + "FROM (SELECT %d + n AS i FROM %s WHERE n < %d) AS some"
                  .formatted(from, NUMBERS, Math.min(CHUNK, rows - from)));
    }
  }

  private interface Filling {
    void run() throws SQLException;
  }

  /** Fills a table, and creates its secondary indexes afterwards. */
  private void withoutIndexes(String table, Filling filling) throws SQLException {
    List<String> drops = new ArrayList<>();
    List<String> adds = new ArrayList<>();
    Matcher keys = KEY.matcher(database.text(schema, "SHOW CREATE TABLE " + table));
    while (keys.find()) {
      drops.add("DROP KEY " + keys.group(2));
      adds.add("ADD " + keys.group(1));
    }
    database.execute(schema, "ALTER TABLE %s %s".formatted(table, String.join(", ", drops)));
    filling.run();
    database.execute(schema, "ALTER TABLE %s %s".formatted(table, String.join(", ", adds)));
    database.text(schema, "ANALYZE TABLE " + table);
  }

  /** Adds sessions that will not become aged during the comparison. */
  void staging(long rows) throws SQLException {
    stage(rows, "", "+ INTERVAL 1 DAY");
    database.text(schema, "ANALYZE TABLE search_staging");
  }

  /** Empties the tables and stages sessions that are aged. */
  void aged(long rows) throws SQLException {
    database.execute(schema, "TRUNCATE TABLE search_log", "TRUNCATE TABLE search_staging");
    stage(rows, "", "- INTERVAL 60 SECOND");
    database.text(schema, "ANALYZE TABLE search_staging, search_log");
  }

  /** Stages the same sessions once more, with what they typed after a pause. */
  void continued(long rows) throws SQLException {
    stage(rows, " red", "- INTERVAL 10 SECOND");
    database.text(schema, "ANALYZE TABLE search_staging, search_log");
  }

  private void stage(long rows, String end, String age) throws SQLException {
    for (long from = 0; from < rows; from += CHUNK) {
      database.execute(
          schema,
          """
          INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
            keystrokes, last_seen)
          SELECT CRC32(CONCAT('1:other-', %1$d + n)) & 63, 1, CONCAT('other-', %1$d + n),
            CONCAT('running shoes ', n %% 1000, '%5$s'), CONCAT('running shoes ', n %% 1000, '%5$s'), 15, 1, 15,
            UTC_TIMESTAMP(3) %4$s
          FROM %3$s WHERE n < %2$d
          """
              .formatted(from, Math.min(CHUNK, rows - from), NUMBERS, age, end));
    }
  }
}
