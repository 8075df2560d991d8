package dev.lastword.daily;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Table {@code daily_user}: the events of a user, by day and topic. */
@Singleton
public class DailyUsers {

  /** The primary key of a row. */
  public record Key(DailyTopics.Key topic, String userId) {}

  /** The amounts that one transaction adds to one row. */
  public record Sum(Key key, ValueSummary stored) {

    /** Returns the sum of this and another one of the same row. */
    public Sum plus(Sum other) {
      return new Sum(key, stored.plus(other.stored));
    }
  }

  private static final Comparator<Sum> BY_KEY =
      Comparator.comparing((Sum sum) -> sum.key().topic(), DailyTopics.Key.ORDER)
          .thenComparing(sum -> sum.key().userId());

  private final JdbcOperations jdbc;

  DailyUsers(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds to the counts, in the transaction that adds the rows they count. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Collection<Sum> sums) {
    List<Sum> sorted = sums.stream().sorted(BY_KEY).toList();
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO daily_user
          (bucket, tenant_id, day, topic, user_id, events, value_count, value_sum, value_min, value_max)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE
          events = events + VALUES(events),
          value_count = value_count + VALUES(value_count),
          value_sum = value_sum + VALUES(value_sum),
          value_min = COALESCE(LEAST(value_min, VALUES(value_min)), value_min, VALUES(value_min)),
          value_max = COALESCE(GREATEST(value_max, VALUES(value_max)), value_max, VALUES(value_max))
        """,
        statement -> {
          for (Sum sum : sorted) {
            statement.setInt(1, sum.key().topic().bucket());
            statement.setInt(2, sum.key().topic().tenantId());
            statement.setObject(3, sum.key().topic().day());
            statement.setString(4, sum.key().topic().topic());
            statement.setString(5, sum.key().userId());
            statement.setLong(6, sum.stored().events());
            statement.setLong(7, sum.stored().values());
            statement.setBigDecimal(8, sum.stored().sum());
            statement.setBigDecimal(9, sum.stored().min());
            statement.setBigDecimal(10, sum.stored().max());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
