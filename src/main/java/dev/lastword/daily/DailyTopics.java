package dev.lastword.daily;

import dev.lastword.row.Bucket;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Table {@code daily_topic}: the outcomes of the events of a topic on a day. */
@Singleton
public class DailyTopics {

  /** A row of the table. */
  public record Key(int bucket, int tenantId, LocalDate day, String topic) {

    /** The order of the primary key. */
    static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::tenantId)
            .thenComparing(Key::day)
            .thenComparing(Key::topic)
            .thenComparing(Key::bucket);

    /**
     * Returns the row that counts an event.
     *
     * @param bucket of the event's row in the log
     */
    public static Key of(int bucket, int tenantId, LocalDate day, String topic) {
      return new Key(Bucket.ofCount(bucket), tenantId, day, topic);
    }

    /** Returns the row that counts the topics without one of their own. */
    public Key other() {
      return new Key(bucket, tenantId, day, CountedTopic.OTHER);
    }
  }

  /**
   * The amounts that one transaction adds to one row.
   *
   * @param duplicates events that were stored before
   * @param changed duplicates with different content
   * @param rejected events that were not valid, or refused by the database
   */
  public record Sum(Key key, ValueSummary stored, long duplicates, long changed, long rejected) {

    /** Returns the sum of this and another one of the same row. */
    public Sum plus(Sum other) {
      return new Sum(
          key,
          stored.plus(other.stored),
          duplicates + other.duplicates,
          changed + other.changed,
          rejected + other.rejected);
    }
  }

  private static final Comparator<Sum> BY_KEY = Comparator.comparing(Sum::key, Key.ORDER);

  private final JdbcOperations jdbc;

  DailyTopics(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds to the counts, in the transaction that adds the rows they count. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void add(Collection<Sum> sums) {
    // In the order of the key, as in all transactions, so that they cannot deadlock.
    List<Sum> sorted = sums.stream().sorted(BY_KEY).toList();
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO daily_topic
          (bucket, tenant_id, day, topic, events, duplicates, changed, rejected,
           value_count, value_sum, value_min, value_max)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE
          events = events + VALUES(events),
          duplicates = duplicates + VALUES(duplicates),
          changed = changed + VALUES(changed),
          rejected = rejected + VALUES(rejected),
          value_count = value_count + VALUES(value_count),
          value_sum = value_sum + VALUES(value_sum),
          value_min = COALESCE(LEAST(value_min, VALUES(value_min)), value_min, VALUES(value_min)),
          value_max = COALESCE(GREATEST(value_max, VALUES(value_max)), value_max, VALUES(value_max))
        """,
        statement -> {
          for (Sum sum : sorted) {
            statement.setInt(1, sum.key().bucket());
            statement.setInt(2, sum.key().tenantId());
            statement.setObject(3, sum.key().day());
            statement.setString(4, sum.key().topic());
            statement.setLong(5, sum.stored().events());
            statement.setLong(6, sum.duplicates());
            statement.setLong(7, sum.changed());
            statement.setLong(8, sum.rejected());
            statement.setLong(9, sum.stored().values());
            statement.setBigDecimal(10, sum.stored().sum());
            statement.setBigDecimal(11, sum.stored().min());
            statement.setBigDecimal(12, sum.stored().max());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
