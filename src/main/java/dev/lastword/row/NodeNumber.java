package dev.lastword.row;

import io.micronaut.context.annotation.Context;
import io.micronaut.scheduling.TaskScheduler;
import io.micronaut.transaction.TransactionOperations;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of this node, 0 to 1,023, unique among running nodes. It is leased from table {@code
 * node} for a minute, and the lease is renewed every ten seconds. A node that cannot renew its
 * lease in time leases another number.
 */
@Context
public class NodeNumber {
  static final int NUMBERS = 1 << 10;
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(NodeNumber.class);

  private final TransactionOperations<Connection> transactions;
  private final TaskScheduler tasks;
  private final SecureRandom random = new SecureRandom();
  private final long holder = random.nextLong();
  private volatile int number;

  NodeNumber(TransactionOperations<Connection> transactions, TaskScheduler tasks) {
    this.transactions = transactions;
    this.tasks = tasks;
  }

  int get() {
    return number;
  }

  /**
   * Starts renewing. Not a scheduled job, because those do not run in commands, and an import may
   * take hours.
   */
  @PostConstruct
  void start() {
    lease();
    tasks.scheduleWithFixedDelay(RENEWAL, RENEWAL, this::keep);
  }

  void keep() {
    try {
      if (!renew(number)) {
        lease();
        LOG.warn("The lease of the node number has expired; the new number is {}", number);
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot renew the lease of node number {}, will retry: {}", number, e.toString());
    }
  }

  /**
   * Leases a free number.
   *
   * @throws IllegalStateException if all are leased
   */
  void lease() {
    Set<Integer> taken = taken();
    // At random, so that nodes that start together rarely try the same one.
    int next = random.nextInt(NUMBERS);
    for (int tried = 0; tried < NUMBERS; tried++, next = (next + 1) % NUMBERS) {
      if (!taken.contains(next) && lease(next)) {
        number = next;
        return;
      }
    }
    throw new IllegalStateException(
        "All %d node numbers are leased; see table node".formatted(NUMBERS));
  }

  private Set<Integer> taken() {
    return transactions.executeRead(
        status -> {
          try (var statement = status.getConnection().createStatement();
              ResultSet rows =
                  statement.executeQuery(
                      "SELECT number FROM node WHERE leased_until > UTC_TIMESTAMP(3)")) {
            Set<Integer> numbers = new HashSet<>();
            while (rows.next()) {
              numbers.add(rows.getInt(1));
            }
            return numbers;
          }
        });
  }

  private boolean lease(int wanted) {
    update(
        """
        INSERT INTO node (number, holder, leased_until) VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE)
        ON DUPLICATE KEY UPDATE
          holder = IF(leased_until > UTC_TIMESTAMP(3), holder, VALUES(holder)),
          leased_until = IF(holder = VALUES(holder), VALUES(leased_until), leased_until)
        """,
        wanted);
    return renew(wanted);
  }

  private boolean renew(int wanted) {
    return update(
            """
            UPDATE node SET leased_until = UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE
            WHERE number = ? AND holder = ? AND leased_until > UTC_TIMESTAMP(3)
            """,
            wanted)
        == 1;
  }

  @PreDestroy
  void release() {
    try {
      update(
          "UPDATE node SET leased_until = UTC_TIMESTAMP(3) WHERE number = ? AND holder = ?",
          number);
    } catch (RuntimeException e) {
      LOG.debug("Cannot release the node number; its lease expires by itself", e);
    }
  }

  private int update(String sql, int wanted) {
    return transactions.executeWrite(
        status -> {
          try (var statement = status.getConnection().prepareStatement(sql)) {
            statement.setInt(1, wanted);
            statement.setLong(2, holder);
            return statement.executeUpdate();
          }
        });
  }
}
