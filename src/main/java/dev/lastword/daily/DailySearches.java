package dev.lastword.daily;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;

/** Table {@code daily_search}: the searches for a text on a day. */
@Singleton
public class DailySearches {

  /**
   * The amounts that one transaction adds to one row.
   *
   * @param folded the keyword without letter case
   */
  public record Sum(
      int bucket, int tenantId, LocalDate day, String folded, long searches, long keystrokes) {

    /** Returns the sum of this and another one of the same row. */
    public Sum plus(Sum other) {
      return new Sum(
          bucket, tenantId, day, folded, searches + other.searches, keystrokes + other.keystrokes);
    }
  }

  private static final Comparator<Sum> BY_KEY =
      Comparator.comparingInt(Sum::bucket)
          .thenComparingInt(Sum::tenantId)
          .thenComparing(Sum::day)
          .thenComparing(Sum::folded);

  private final JdbcOperations jdbc;

  DailySearches(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds to the counts, in the transaction that adds the rows they count. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Collection<Sum> sums) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO daily_search (bucket, tenant_id, day, folded, searches, keystrokes) VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE searches = searches + VALUES(searches), keystrokes = keystrokes + VALUES(keystrokes)
        """,
        statement -> {
          // In the order of the key, as in all transactions, so that they cannot deadlock.
          for (Sum sum : sums.stream().sorted(BY_KEY).toList()) {
            statement.setInt(1, sum.bucket());
            statement.setInt(2, sum.tenantId());
            statement.setObject(3, sum.day());
            statement.setString(4, sum.folded());
            statement.setLong(5, sum.searches());
            statement.setLong(6, sum.keystrokes());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
