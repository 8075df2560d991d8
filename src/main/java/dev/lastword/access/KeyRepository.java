package dev.lastword.access;

import dev.lastword.access.ApiKey.State;
import dev.lastword.row.Select;
import dev.lastword.row.Timestamps;
import dev.lastword.row.Update;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes table {@code api_key}. */
@Singleton
class KeyRepository {
  private static final String SELECT =
      """
      SELECT k.id, k.tenant_id, t.name AS tenant, k.secret_hash, k.signing_secret, k.scopes, k.topics, k.origins, k.label, k.created_at, k.expires_at,
             k.last_used_at, k.revoked_at, COALESCE(k.expires_at <= UTC_TIMESTAMP(3), FALSE) AS expired
      FROM api_key k JOIN tenant t ON t.id = k.tenant_id
      """;

  /**
   * A key and its secret.
   *
   * @param hash SHA-256 of the secret
   * @param signingSecret the secret of a key that signs requests; null for all others
   */
  record Stored(ApiKey key, byte[] hash, byte @Nullable [] signingSecret) {}

  private final JdbcOperations jdbc;

  KeyRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns whether there are keys, active or not. */
  @Connectable
  boolean exists() {
    return !Select.list(jdbc, "SELECT 1 FROM api_key LIMIT 1", List.of(), row -> true).isEmpty();
  }

  @Connectable
  @Nullable Stored find(String id) {
    return Select.list(jdbc, SELECT + "WHERE k.id = ?", List.of(id), KeyRepository::stored).stream()
        .findFirst()
        .orElse(null);
  }

  /**
   * Lists keys by tenant and age.
   *
   * @param tenantId null for all tenants
   * @param after the last key of the page before; null for the first page
   */
  @Connectable
  List<ApiKey> list(@Nullable Integer tenantId, @Nullable ApiKey after, int limit) {
    int tenant = after == null ? 0 : after.tenantId();
    LocalDateTime created =
        Timestamps.toDatabase(after == null ? Instant.EPOCH : after.createdAt());
    return Select.list(
        jdbc,
        SELECT
            + """
            WHERE (? IS NULL OR k.tenant_id = ?)
              AND (k.tenant_id > ? OR (k.tenant_id = ? AND (k.created_at > ? OR (k.created_at = ? AND k.id > ?))))
            ORDER BY k.tenant_id, k.created_at, k.id
            LIMIT ?
            """,
        Arrays.asList(
            tenantId,
            tenantId,
            tenant,
            tenant,
            created,
            created,
            after == null ? "" : after.id(),
            limit),
        KeyRepository::key);
  }

  @Connectable
  void insert(
      KeyText text,
      int tenantId,
      Set<Scope> scopes,
      KeyRestrictions restrictions,
      boolean signs,
      String label,
      @Nullable Instant expiresAt) {
    Update.run(
        jdbc,
        """
        INSERT INTO api_key
          (id, tenant_id, secret_hash, signing_secret, scopes, topics, origins, label, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?)
        """,
        text.id(),
        tenantId,
        text.hash(),
        signs ? text.secret() : null,
        String.join(",", Scope.names(scopes)),
        lines(restrictions.topics()),
        lines(restrictions.origins()),
        label,
        expiresAt == null ? null : Timestamps.toDatabase(expiresAt));
  }

  /** Revokes a key, unless it was revoked before. */
  @Connectable
  boolean revoke(String id) {
    return Update.run(
            jdbc,
            "UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3) WHERE id = ? AND revoked_at IS NULL",
            id)
        > 0;
  }

  /** Notes that a key was used, at most once a minute. */
  @Connectable
  void used(String id) {
    Update.run(
        jdbc,
        """
        UPDATE api_key SET last_used_at = UTC_TIMESTAMP(3)
        WHERE id = ? AND (last_used_at IS NULL OR last_used_at < UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE)
        """,
        id);
  }

  private static @Nullable String lines(List<String> values) {
    return values.isEmpty() ? null : String.join("\n", values);
  }

  private static List<String> list(@Nullable String lines) {
    return lines == null ? List.of() : List.of(lines.split("\n"));
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(key(row), row.getBytes("secret_hash"), row.getBytes("signing_secret"));
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    Instant revokedAt = Timestamps.readNullable(row, "revoked_at");
    State state = row.getBoolean("expired") ? State.EXPIRED : State.ACTIVE;
    return new ApiKey(
        row.getString("id"),
        row.getInt("tenant_id"),
        row.getString("tenant"),
        Scope.of(row.getString("scopes").split(",")),
        new KeyRestrictions(list(row.getString("topics")), list(row.getString("origins"))),
        row.getBytes("signing_secret") != null,
        row.getString("label"),
        revokedAt == null ? state : State.REVOKED,
        Timestamps.read(row, "created_at"),
        Timestamps.readNullable(row, "expires_at"),
        Timestamps.readNullable(row, "last_used_at"),
        revokedAt);
  }
}
