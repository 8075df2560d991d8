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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the numbers of batches on the database. */
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
    // Repeated, as after a lost answer.
    assertThat(commits.settle(number.next())).isFalse();
    note(number.next().next());
    assertThat(commits.settle(number.next().next())).isTrue();
  }

  @Test
  void theFirstBatchOfALaneIsFencedOffToo() {
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

  @Test
  void rowsOfGoneLanesInStagingAreDeletedAndNoSessions() {
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                    last_seen)
        VALUES (64, 0, 'gone', '', '', 0, 0, UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE),
               (64, 0, 'idle', '', '', 0, 0, UTC_TIMESTAMP(3) - INTERVAL 59 MINUTE),
               (63, 1, 'cleanup', '', '', 0, 0, UTC_TIMESTAMP(3) - INTERVAL 2 HOUR)
        """);
    cleanup.run();
    assertThat(staged()).containsExactly("cleanup", "idle");
    execute("DELETE FROM search_staging WHERE session_id IN ('cleanup', 'idle')");
  }

  private List<String> staged() {
    return transactions.executeRead(
        status -> {
          try (var statement = status.getConnection().createStatement();
              var rows =
                  statement.executeQuery(
                      """
                      SELECT session_id FROM search_staging WHERE session_id IN ('gone', 'idle', 'cleanup')
                      ORDER BY session_id
                      """)) {
            List<String> sessions = new ArrayList<>();
            while (rows.next()) {
              sessions.add(rows.getString(1));
            }
            return sessions;
          }
        });
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
