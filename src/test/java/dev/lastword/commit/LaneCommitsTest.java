package dev.lastword.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The numbers of batches, in the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class LaneCommitsTest {
  @Inject TransactionOperations<Connection> transactions;
  @Inject LaneCommitCleanup cleanup;

  private int done;

  private LaneCommits lane(int bucket) {
    return new LaneCommits(transactions, bucket, false);
  }

  @Test
  void aNumberIsCommittedOnce() {
    LaneCommits lane = lane(3);
    assertThat(lane.commit(1, () -> done++)).isTrue();
    assertThat(lane.commit(1, () -> done++)).isFalse();
    assertThat(lane.commit(2, () -> done++)).isTrue();
    assertThat(lane.commit(2, () -> done++)).isFalse();
    assertThat(done).isEqualTo(2);
    assertThat(lane.isCommitted(2)).isTrue();
    assertThat(lane.isCommitted(3)).isFalse();
  }

  @Test
  void aBatchThatFailedIsNotCommitted() {
    LaneCommits lane = lane(3);
    Runnable failing =
        () -> {
          throw new IllegalStateException("failed");
        };
    assertThatThrownBy(() -> lane.commit(1, failing)).isInstanceOf(IllegalStateException.class);
    assertThat(lane.isCommitted(1)).isFalse();
    assertThat(lane.commit(1, () -> done++)).isTrue();
  }

  @Test
  void aRetryWaitsForTheRowsOfAnAttemptThatIsStillUnderWay() {
    execute("INSERT INTO shedlock VALUES ('row', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), '')");
    LaneCommits lane = lane(3);
    lane.commit(1, () -> {});
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    var attempt =
        CompletableFuture.supplyAsync(
            () ->
                lane.commit(
                    2,
                    () -> {
                      write();
                      entered.countDown();
                      awaitUninterruptibly(answer);
                    }));
    awaitUninterruptibly(entered);
    var retry = CompletableFuture.supplyAsync(() -> lane.commit(2, this::write));
    await().until(this::someoneWaitsForALock);
    answer.countDown();
    assertThat(attempt.join()).isTrue();
    assertThat(retry.join()).isFalse();
    assertThat(number("SELECT LENGTH(locked_by) FROM shedlock WHERE name = 'row'")).isEqualTo(1);
    execute("DELETE FROM shedlock WHERE name = 'row'");
  }

  private void write() {
    execute("UPDATE shedlock SET locked_by = CONCAT(locked_by, 'x') WHERE name = 'row'");
  }

  @Test
  void rowsOfLanesThatAreGoneAreDeletedAndOnesThatAreNotComeBack() {
    LaneCommits lane = lane(4);
    lane.commit(1, () -> {});
    execute("UPDATE lane_commit SET committed_at = committed_at - INTERVAL 2 DAY WHERE bucket = 4");
    LaneCommits other = lane(4);
    other.commit(1, () -> {});
    cleanup.run();
    assertThat(count()).isEqualTo(1);
    assertThat(lane.commit(2, () -> done++)).isTrue();
    assertThat(lane.commit(3, () -> done++)).isTrue();
    assertThat(count()).isEqualTo(2);
  }

  private boolean someoneWaitsForALock() {
    return number(
            "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
        > 0;
  }

  private long count() {
    return number("SELECT COUNT(*) FROM lane_commit WHERE bucket = 4");
  }

  private long number(String sql) {
    return transactions.executeRead(
        status -> {
          try (var statement = status.getConnection().createStatement();
              var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
          }
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

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
