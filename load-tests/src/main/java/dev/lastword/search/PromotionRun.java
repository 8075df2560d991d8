package dev.lastword.search;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Promotes aged rows by the product and by bare JDBC. It is in this package because it calls the
 * promoter without its job.
 */
public final class PromotionRun implements AutoCloseable {
  private static final int BATCH = 2_000;

  private final ApplicationContext context;
  private final BareWrites.Connections connections;
  private long promoted;
  private double countedBefore;
  private double secondsBefore;

  /**
   * @param url of a separate database
   */
  public PromotionRun(String url, BareWrites.Connections connections) {
    this.connections = connections;
    this.context =
        ApplicationContext.run(
            Map.of("lastword.db.url", url, "lastword.promotion.enabled", false), "promotion");
  }

  /**
   * Promotes all staged rows like the job.
   *
   * @return rows per second
   */
  public double promote() throws SQLException {
    Promoter promoter = context.getBean(Promoter.class);
    long rows = staged();
    long start = System.nanoTime();
    boolean more = true;
    while (more) {
      more = promoter.promote(new StagingScan());
    }
    double rate = rows * 1e9 / (System.nanoTime() - start);
    promoted += rows;
    if (staged() > 0) {
      throw new IllegalStateException(staged() + " rows are still staged");
    }
    return rate;
  }

  /**
   * Waits until the rollup has counted all rows that were promoted since the last call.
   *
   * @return rows per second of its transactions
   */
  public double counted() throws InterruptedException {
    MeterRegistry meters = context.getBean(MeterRegistry.class);
    Counter rows = meters.get("lastword.rollup.rows").tag("feed", "searches").counter();
    Timer batches = meters.get("lastword.rollup.batch").timer();
    while (rows.count() < promoted) {
      Thread.sleep(100);
    }
    double counted = rows.count() - countedBefore;
    double seconds = batches.totalTime(TimeUnit.SECONDS) - secondsBefore;
    countedBefore += counted;
    secondsBefore += seconds;
    return counted / seconds;
  }

  /** Only inserts as many rows into the log, and deletes the staged ones by their keys. */
  public double insertAndDelete() throws SQLException {
    long rows = staged();
    long start = System.nanoTime();
    try (Connection connection = connections.open()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      try (var insert =
              connection.prepareStatement(
                  """
                  INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded,
                    submitted, keystrokes, typed_at)
                  VALUES (?, ?, UTC_TIMESTAMP(3), 1, ?, NULL, ?, ?, 0, 15, NULL)
                  """);
          var delete =
              connection.prepareStatement(
                  "DELETE FROM search_staging WHERE bucket = ? AND tenant_id = 1 AND session_id = ?");
          var read =
              connection.prepareStatement(
                  "SELECT bucket, session_id, keyword FROM search_staging LIMIT " + BATCH)) {
        long id = System.currentTimeMillis() << 22;
        for (long done = 0; done < rows; done += BATCH) {
          try (var staged = read.executeQuery()) {
            while (staged.next()) {
              insert.setInt(1, staged.getInt(1));
              insert.setLong(2, id++);
              insert.setString(3, staged.getString(2));
              insert.setString(4, staged.getString(3));
              insert.setString(5, staged.getString(3));
              insert.addBatch();
              delete.setInt(1, staged.getInt(1));
              delete.setString(2, staged.getString(2));
              delete.addBatch();
            }
          }
          insert.executeBatch();
          delete.executeBatch();
          connection.commit();
        }
      }
    }
    return rows * 1e9 / (System.nanoTime() - start);
  }

  private long staged() throws SQLException {
    try (Connection connection = connections.open();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM search_staging")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
