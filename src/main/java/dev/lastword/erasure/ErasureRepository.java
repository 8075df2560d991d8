package dev.lastword.erasure;

import dev.lastword.row.Select;
import dev.lastword.row.Timestamps;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code erasure}. */
@Singleton
class ErasureRepository {
  private static final String SELECT =
      """
      SELECT e.id, t.name AS tenant, e.from_time, e.to_time, e.requested_at, e.actor, e.finished_at, e.staged, e.searches,
             e.events, e.dead_letters, e.answers, e.active_days
      FROM erasure e JOIN tenant t ON t.id = e.tenant_id
      """;

  /** What the receipt counts, with the column. */
  enum Kind {
    STAGED,
    SEARCHES,
    EVENTS,
    DEAD_LETTERS,
    ANSWERS,
    ACTIVE_DAYS
  }

  private final JdbcOperations jdbc;

  ErasureRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the id of a new erasure. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  long insert(
      int tenantId, String userId, @Nullable Instant from, @Nullable Instant to, String actor) {
    Update.run(
        jdbc,
        """
        INSERT INTO erasure (tenant_id, user_id, from_time, to_time, requested_at, actor)
        VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3), ?)
        """,
        tenantId,
        userId,
        from == null ? null : Timestamps.toDatabase(from),
        to == null ? null : Timestamps.toDatabase(to),
        actor);
    return Select.list(jdbc, "SELECT LAST_INSERT_ID() AS id", List.of(), row -> row.getLong("id"))
        .get(0);
  }

  @Connectable
  Optional<Erasure> find(long id) {
    return Select.list(jdbc, SELECT + "WHERE e.id = ?", List.of(id), ErasureRepository::erasure)
        .stream()
        .findFirst();
  }

  /**
   * Lists erasures, newest first.
   *
   * @param tenantId null for all tenants
   * @param before only those with smaller ids
   */
  @Connectable
  List<Erasure> list(@Nullable Integer tenantId, long before, int limit) {
    return Select.list(
        jdbc,
        SELECT + "WHERE (? IS NULL OR e.tenant_id = ?) AND e.id < ? ORDER BY e.id DESC LIMIT ?",
        Arrays.asList(tenantId, tenantId, before, limit),
        ErasureRepository::erasure);
  }

  /** Returns the ids of erasures that are not finished, oldest first. */
  @Connectable
  List<Long> unfinished() {
    return Select.list(
        jdbc,
        "SELECT id FROM erasure WHERE finished_at IS NULL ORDER BY id LIMIT 100",
        List.of(),
        row -> row.getLong("id"));
  }

  /** Returns what to delete; empty if the erasure is finished. */
  @Connectable
  Optional<UserSelection> selection(long id) {
    return Select.list(
            jdbc,
            """
            SELECT tenant_id, user_id, from_time, to_time, requested_at FROM erasure
            WHERE id = ? AND finished_at IS NULL
            """,
            List.of(id),
            row ->
                new UserSelection(
                    row.getInt("tenant_id"),
                    row.getString("user_id"),
                    row.getObject("from_time", LocalDateTime.class),
                    row.getObject("to_time", LocalDateTime.class),
                    row.getObject("requested_at", LocalDateTime.class)))
        .stream()
        .findFirst();
  }

  /** Adds to the receipt, in the transaction that deletes. */
  @Connectable
  void add(long id, Kind kind, long count) {
    if (count > 0) {
      Update.run(
          jdbc,
          "UPDATE erasure SET %1$s = %1$s + ? WHERE id = ?".formatted(kind.name()),
          count,
          id);
    }
  }

  /** Forgets whose erasure it was. */
  @Connectable
  void finish(long id) {
    Update.run(
        jdbc,
        """
        UPDATE erasure SET user_id = NULL, finished_at = UTC_TIMESTAMP(3)
        WHERE id = ? AND finished_at IS NULL
        """,
        id);
  }

  /** Returns the time of the last erasure that was finished; empty if there was none. */
  @Connectable
  Optional<Instant> lastFinished() {
    return Select.list(
            jdbc,
            "SELECT MAX(finished_at) AS finished_at FROM erasure",
            List.of(),
            row -> Optional.ofNullable(Timestamps.readNullable(row, "finished_at")))
        .get(0);
  }

  private static Erasure erasure(ResultSet row) throws SQLException {
    return new Erasure(
        row.getLong("id"),
        row.getString("tenant"),
        Timestamps.readNullable(row, "from_time"),
        Timestamps.readNullable(row, "to_time"),
        Timestamps.read(row, "requested_at"),
        row.getString("actor"),
        Timestamps.readNullable(row, "finished_at"),
        new Erasure.Erased(
            row.getLong("staged"),
            row.getLong("searches"),
            row.getLong("events"),
            row.getLong("dead_letters"),
            row.getLong("answers"),
            row.getLong("active_days")));
  }
}
