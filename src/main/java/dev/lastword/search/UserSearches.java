package dev.lastword.search;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.List;

/** Deletes what a user searched for. */
@Singleton
public class UserSearches {
  private final JdbcOperations jdbc;

  UserSearches(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Deletes staged rows, by the times of their last keystrokes. They are found by a plain read, and
   * deleted by their keys, so that no other typist waits.
   *
   * @return the number of rows
   */
  @Connectable
  public int deleteStaged(UserSelection selection) {
    int deleted = 0;
    for (SessionKey key : staged(selection)) {
      deleted +=
          Update.run(
              jdbc,
              """
              DELETE FROM search_staging
              WHERE bucket = ? AND tenant_id = ? AND session_id = ? AND user_id = ? AND last_seen <= ?
              """,
              key.bucket(),
              key.tenantId(),
              key.sessionId(),
              selection.userId(),
              selection.until());
    }
    return deleted;
  }

  private List<SessionKey> staged(UserSelection selection) {
    return Select.list(
        jdbc,
        """
        SELECT bucket, tenant_id, session_id FROM search_staging
        WHERE tenant_id = ? AND user_id = ? AND last_seen >= ? AND last_seen < ? AND last_seen <= ? AND %s
        """
            .formatted(StagingBacklog.ALL),
        List.of(
            selection.tenantId(),
            selection.userId(),
            selection.start(),
            selection.end(),
            selection.until()),
        row ->
            new SessionKey(
                row.getInt("bucket"), row.getInt("tenant_id"), row.getString("session_id")));
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
