package dev.lastword.search;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.util.List;

/** Deletes what a user searched for. */
@Singleton
public class UserSearches {
  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;
  private final ClaimRepository claims;

  UserSearches(
      JdbcOperations jdbc, TransactionOperations<Connection> transactions, ClaimRepository claims) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.claims = claims;
  }

  /**
   * Deletes staged texts of the user, by the times of their last keystrokes, with their rows unless
   * these have texts of others. Rows are found by a plain read, and locked by their keys, so that
   * no other typist waits.
   *
   * @return the number of rows
   */
  public int deleteStaged(UserSelection selection) {
    int changed = 0;
    for (SessionKey key : staged(selection)) {
      changed += transactions.<Integer>executeWrite(status -> deleteStaged(key, selection));
    }
    return changed;
  }

  private int deleteStaged(SessionKey key, UserSelection selection) {
    List<StagedRow.Finished> texts = claims.lock(key).map(StagedRow::texts).orElse(List.of());
    List<StagedRow.Finished> others =
        texts.stream()
            .filter(
                text ->
                    !selection.userId().equals(text.userId()) || !selection.covers(text.lastSeen()))
            .toList();
    if (others.size() == texts.size()) {
      return 0;
    }
    if (others.isEmpty()) {
      claims.delete(List.of(key));
    } else {
      claims.replaceTexts(key, others);
    }
    return 1;
  }

  private List<SessionKey> staged(UserSelection selection) {
    return transactions.executeRead(
        status ->
            Select.list(
                jdbc,
                """
                SELECT bucket, tenant_id, session_id FROM search_staging
                WHERE tenant_id = ? AND (user_id = ? OR JSON_CONTAINS(finished, JSON_OBJECT('user_id', ?))) AND %s
                """
                    .formatted(StagingBacklog.ALL),
                List.of(selection.tenantId(), selection.userId(), selection.userId()),
                row ->
                    new SessionKey(
                        row.getInt("bucket"),
                        row.getInt("tenant_id"),
                        row.getString("session_id"))));
  }

  /**
   * Deletes rows of the log.
   *
   * @param keys at least one
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after; the two exclude partitions
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void delete(List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    Update.run(
        jdbc,
        "DELETE FROM search_log WHERE searched_at BETWEEN ? AND ? AND (%s)"
            .formatted(RowKey.condition(keys)),
        earliest,
        latest);
  }
}
