package dev.lastword.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.database.DatabaseError;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The numbers of batches, in the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class LaneCommitsTest {
  @Inject TransactionOperations<Connection> transactions;
  @Inject LaneCommits commits;
  @Inject LaneCommitCleanup cleanup;

  private final BatchNumber number = BatchNumber.first(3);

  @Test
  void aNumberIsCommittedOnce() {
    note(number);
    assertThat(commits.settle(number)).isTrue();
    assertThatThrownBy(() -> note(number))
        .satisfies(e -> assertThat(DatabaseError.of(e)).isEqualTo(DatabaseError.DATA));
    note(number.next());
    assertThatThrownBy(() -> note(number)).isInstanceOf(RuntimeException.class);
    assertThat(commits.settle(number.next())).isTrue();
  }

  @Test
  void aBatchThatWasNotCommittedNeverWillBe() {
    note(number);
    assertThat(commits.settle(number.next())).isFalse();
    assertThatThrownBy(() -> note(number.next())).isInstanceOf(RuntimeException.class);
    // Asked again, as after an answer that was lost.
    assertThat(commits.settle(number.next())).isFalse();
    note(number.next().next());
    assertThat(commits.settle(number.next().next())).isTrue();
  }

  @Test
  void soItIsForTheFirstBatchOfALane() {
    assertThat(commits.settle(number)).isFalse();
    assertThatThrownBy(() -> note(number)).isInstanceOf(RuntimeException.class);
    note(number.next());
  }

  @Test
  void aNumberIsNotedOnlyWithItsBatch() {
    assertThatThrownBy(() -> commits.note(number)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void rowsOfLanesThatAreGoneAreDeletedAndOnesThatAreNotComeBack() {
    note(number);
    execute("UPDATE lane_commit SET committed_at = committed_at - INTERVAL 59 MINUTE");
    cleanup.run();
    assertThat(commits.settle(number)).isTrue();
    execute("UPDATE lane_commit SET committed_at = committed_at - INTERVAL 2 HOUR");
    cleanup.run();
    assertThat(commits.settle(number)).isFalse();
    note(number.next());
  }

  private void note(BatchNumber number) {
    transactions.executeWrite(
        status -> {
          commits.note(number);
          return null;
        });
  }

  private void execute(String sql) {
    transactions.executeWrite(
        status -> {
          try (var statement = status.getConnection().createStatement()) {
            return statement.execute(sql);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
