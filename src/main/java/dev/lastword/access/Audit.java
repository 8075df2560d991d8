package dev.lastword.access;

import dev.lastword.row.Select;
import dev.lastword.row.Timestamps;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records what administrators did, in table {@code admin_audit}. */
@Singleton
public class Audit {

  /**
   * Something that an administrator did.
   *
   * @param tenant name of the tenant that it was about
   * @param actor id of an API key; {@code cli:} and a user of the system; or {@code anyone}, while
   *     the service was open
   */
  record Entry(
      long id,
      Instant doneAt,
      String tenant,
      String actor,
      String action,
      String subject,
      String detail) {}

  private final JdbcOperations jdbc;

  Audit(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds an entry to the transaction that does it. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void add(int tenantId, String actor, String action, String subject, String detail) {
    jdbc.<Integer>prepareStatement(
        """
        INSERT INTO admin_audit (done_at, tenant_id, actor, action, subject, detail)
        VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?)
        """,
        statement -> {
          statement.setInt(1, tenantId);
          statement.setString(2, actor);
          statement.setString(3, action);
          statement.setString(4, subject);
          statement.setString(5, detail);
          return statement.executeUpdate();
        });
  }

  /**
   * Lists entries, newest first.
   *
   * @param tenantId null for all tenants
   * @param before the last id of the page before; {@link Long#MAX_VALUE} for the first page
   */
  @Connectable
  List<Entry> list(@Nullable Integer tenantId, long before, int limit) {
    return Select.list(
        jdbc,
        """
        SELECT a.id, a.done_at, t.name AS tenant, a.actor, a.action, a.subject, a.detail
        FROM admin_audit a JOIN tenant t ON t.id = a.tenant_id
        WHERE (? IS NULL OR a.tenant_id = ?) AND a.id < ?
        ORDER BY a.id DESC
        LIMIT ?
        """,
        Arrays.asList(tenantId, tenantId, before, limit),
        row ->
            new Entry(
                row.getLong("id"),
                Timestamps.read(row, "done_at"),
                row.getString("tenant"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("detail")));
  }
}
