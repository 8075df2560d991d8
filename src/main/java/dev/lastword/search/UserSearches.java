package dev.lastword.search;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes what a user searched for. */
@Singleton
public class UserSearches {
  private final JdbcOperations jdbc;

  UserSearches(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Deletes staged rows of a user. They are found by a plain read, and deleted one by one, so that
   * no other typist waits.
   *
   * @param from null for no limit; compared with the last keystroke, as all of these times
   * @param to exclusive; null for no limit
   * @param until later rows stay
   * @return the number of rows
   */
  @Connectable
  public int deleteStaged(
      int tenantId,
      String userId,
      @Nullable LocalDateTime from,
      @Nullable LocalDateTime to,
      LocalDateTime until) {
    List<Object> values = new ArrayList<>(Arrays.asList(tenantId, userId, until));
    String range = "";
    if (from != null) {
      range += " AND last_seen >= ?";
      values.add(from);
    }
    if (to != null) {
      range += " AND last_seen < ?";
      values.add(to);
    }
    List<SessionKey> keys =
        Select.list(
            jdbc,
            """
            SELECT bucket, tenant_id, session_id FROM search_staging
            WHERE tenant_id = ? AND user_id = ? AND last_seen <= ? AND %s
            """
                    .formatted(StagingBacklog.ALL)
                + range,
            values,
            row ->
                new SessionKey(
                    row.getInt("bucket"), row.getInt("tenant_id"), row.getString("session_id")));
    int deleted = 0;
    for (SessionKey key : keys) {
      deleted +=
          Update.run(
              jdbc,
              """
              DELETE FROM search_staging
              WHERE bucket = ? AND tenant_id = ? AND session_id = ? AND user_id = ?
              """,
              key.bucket(),
              key.tenantId(),
              key.sessionId(),
              userId);
    }
    return deleted;
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
