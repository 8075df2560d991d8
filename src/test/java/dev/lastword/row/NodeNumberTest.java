package dev.lastword.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.annotation.Property;
import io.micronaut.scheduling.TaskScheduler;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests node numbers on the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class NodeNumberTest {
  @Inject TransactionOperations<Connection> transactions;
  @Inject TaskScheduler tasks;
  @Inject NodeNumber own;

  private NodeNumber node() {
    NodeNumber node = new NodeNumber(transactions, tasks);
    node.lease();
    return node;
  }

  @Test
  void noTwoNodesHaveTheSameNumber() {
    // That of the context is kept, because it would lease another one in the middle.
    execute("DELETE FROM node WHERE number <> " + own.get());
    Set<Integer> numbers = new HashSet<>(Set.of(own.get()));
    for (int i = 1; i < NodeNumber.NUMBERS; i++) {
      numbers.add(node().get());
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, NodeNumber.NUMBERS).boxed().toList());
    assertThatThrownBy(this::node).hasStackTraceContaining("All 1024 node numbers are leased");
    int expired = own.get() == 17 ? 18 : 17;
    execute("UPDATE node SET leased_until = UTC_TIMESTAMP(3) WHERE number = " + expired);
    assertThat(node().get()).isEqualTo(expired);
    execute("DELETE FROM node WHERE number <> " + own.get());
  }

  @Test
  void aNodeWhoseLeaseExpiredTakesAnotherNumber() {
    execute("DELETE FROM node");
    NodeNumber node = node();
    int before = node.get();
    node.keep();
    assertThat(node.get()).isEqualTo(before);
    // It was frozen, and another node has taken its number.
    execute("UPDATE node SET holder = 1 WHERE number = " + before);
    RowIds ids = new RowIds(node);
    long last = ids.next(1_000);
    node.keep();
    assertThat(node.get()).isNotEqualTo(before);
    assertThat(ids.next(1_000)).isGreaterThan(last);
  }

  private void execute(String sql) {
    transactions.executeWrite(
        status -> {
          try (var statement = status.getConnection().createStatement()) {
            return statement.executeUpdate(sql);
          }
        });
  }
}
