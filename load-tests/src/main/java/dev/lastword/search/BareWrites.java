package dev.lastword.search;

import dev.lastword.commit.MultiRowStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes keystrokes with bare JDBC, as fast as the database accepts them, as an upper bound for the
 * service. It is in this package because it uses the statement of the product.
 */
public final class BareWrites {

  /** Opens a connection; each writer has one. */
  public interface Connections {
    Connection open() throws SQLException;
  }

  /** How a batch becomes a statement. */
  public enum Way {
    /** One statement with a parameter for each value. */
    MULTI_ROW,
    /** A batch of single rows, which the driver may combine. */
    JDBC_BATCH,
    /** One statement with one value: the rows as a JSON array, which the server unpacks. */
    JSON_TABLE
  }

  private static final String COLUMNS =
      " (bucket, tenant_id, session_id, user_id, keyword, folded, shown_length, first_length,"
          + " submitted, typed_at, last_seen)";
  private static final Comparator<TypingSession> BY_KEY = Comparator.comparing(TypingSession::key);

  private final String table;
  private final String fold;
  private final int writers;
  private final int rows;
  private final Way way;
  private final int isolation;

  /**
   * @param table a table like search_staging
   * @param fold the text after ON DUPLICATE KEY UPDATE
   * @param writers number of connections that write in parallel, each to its own sessions
   * @param rows number of rows per batch and commit
   * @param isolation one of the constants of {@link Connection}
   */
  public BareWrites(String table, String fold, int writers, int rows, Way way, int isolation) {
    this.table = table;
    this.fold = fold;
    this.writers = writers;
    this.rows = rows;
    this.way = way;
    this.isolation = isolation;
  }

  /** Returns the rule of the product. */
  public static String fold() {
    String sql =
        StagingRepository.upsert(
                new DebounceSettings(
                    Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(2)))
            .sql(1);
    return sql.substring(sql.indexOf("ON DUPLICATE"));
  }

  /** Returns the obvious rule: the longest text wins. */
  public static String longest() {
    return """
    ON DUPLICATE KEY UPDATE
      keyword = IF(CHAR_LENGTH(VALUES(keyword)) >= CHAR_LENGTH(keyword), VALUES(keyword), keyword),
      keystrokes = keystrokes + 1, last_seen = VALUES(last_seen)
    """;
  }

  /**
   * Writes for a while.
   *
   * @return rows per second
   */
  public double run(Connections connections, Duration duration)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      long start = System.nanoTime();
      List<Future<Long>> written = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int number = writer;
        written.add(threads.submit(() -> write(connections, number, start + duration.toNanos())));
      }
      long sum = 0;
      for (Future<Long> one : written) {
        sum += one.get();
      }
      return sum * 1e9 / (System.nanoTime() - start);
    } finally {
      threads.shutdownNow();
    }
  }

  private long write(Connections connections, int writer, long end) throws SQLException {
    String sql = way == Way.JSON_TABLE ? fromJson() : values().sql(way == Way.MULTI_ROW ? rows : 1);
    Crowd crowd = new Crowd(writer, writers);
    long written = 0;
    try (Connection connection = connections.open()) {
      connection.setTransactionIsolation(isolation);
      while (System.nanoTime() < end) {
        TypingSession[] batch = crowd.next(rows);
        Arrays.sort(batch, BY_KEY);
        try (var statement = connection.prepareStatement(sql)) {
          execute(statement, batch);
        }
        written += rows;
      }
    }
    return written;
  }

  private void execute(PreparedStatement statement, TypingSession[] batch) throws SQLException {
    switch (way) {
      case MULTI_ROW -> {
        int parameter = 1;
        for (TypingSession session : batch) {
          parameter = bind(statement, parameter, session);
        }
        statement.executeUpdate();
      }
      case JDBC_BATCH -> {
        for (TypingSession session : batch) {
          bind(statement, 1, session);
          statement.addBatch();
        }
        statement.executeBatch();
      }
      case JSON_TABLE -> {
        statement.setString(1, json(batch));
        statement.executeUpdate();
      }
    }
  }

  private MultiRowStatement values() {
    return new MultiRowStatement(
        "INSERT INTO " + table + COLUMNS + " VALUES",
        "(?,?,?,?,?,?,?,?,?,?,UTC_TIMESTAMP(3))",
        fold);
  }

  private String fromJson() {
    return "INSERT INTO "
        + table
        + COLUMNS
        + """
         SELECT b, 1, s, NULL, k, k, l, l, 0, NULL, UTC_TIMESTAMP(3) FROM JSON_TABLE(?, '$[*]' COLUMNS (
           b INT PATH '$.b', s VARCHAR(64) PATH '$.s', k VARCHAR(255) PATH '$.k', l INT PATH '$.l')) AS rows_
        """
        + fold;
  }

  private static String json(TypingSession[] batch) {
    StringBuilder json = new StringBuilder("[");
    for (TypingSession session : batch) {
      String text = session.type(); // has no characters that JSON would escape
      json.append(json.length() == 1 ? "{\"b\":" : ",{\"b\":").append(session.key().bucket());
      json.append(",\"s\":\"").append(session.key().sessionId()).append("\",\"k\":\"").append(text);
      json.append("\",\"l\":").append(text.length()).append('}');
    }
    return json.append(']').toString();
  }

  private static int bind(PreparedStatement statement, int parameter, TypingSession session)
      throws SQLException {
    String text = session.type();
    statement.setInt(parameter++, session.key().bucket());
    statement.setInt(parameter++, session.key().tenantId());
    statement.setString(parameter++, session.key().sessionId());
    statement.setString(parameter++, null);
    statement.setString(parameter++, text);
    statement.setString(parameter++, text);
    statement.setInt(parameter++, text.length());
    statement.setInt(parameter++, text.length());
    statement.setBoolean(parameter++, false);
    statement.setObject(parameter++, null);
    return parameter;
  }
}
