package dev.lastword.access;

import dev.lastword.database.DatabaseError;
import dev.lastword.row.Select;
import dev.lastword.row.Timestamps;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads and writes table {@code tenant}. */
@Singleton
class TenantRepository {

  private final JdbcOperations jdbc;

  TenantRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Creates a tenant.
   *
   * @return empty if there is one of this name
   */
  @Connectable
  Optional<Tenant> insert(String name) {
    try {
      jdbc.<Integer>prepareStatement(
          "INSERT INTO tenant (name, created_at) VALUES (?, UTC_TIMESTAMP(3))",
          statement -> {
            statement.setString(1, name);
            return statement.executeUpdate();
          });
    } catch (RuntimeException e) {
      if (DatabaseError.isDuplicateKey(e)) {
        return Optional.empty();
      }
      throw e;
    }
    return find(name);
  }

  @Connectable
  Optional<Tenant> find(String name) {
    return Select.list(
            jdbc,
            "SELECT id, name, created_at FROM tenant WHERE name = ?",
            List.of(name),
            TenantRepository::tenant)
        .stream()
        .findFirst();
  }

  /**
   * Lists tenants by name.
   *
   * @param after the last name of the page before; empty for the first page
   */
  @Connectable
  List<Tenant> list(String after, int limit) {
    return Select.list(
        jdbc,
        "SELECT id, name, created_at FROM tenant WHERE name > ? ORDER BY name LIMIT ?",
        List.of(after, limit),
        TenantRepository::tenant);
  }

  private static Tenant tenant(ResultSet row) throws SQLException {
    return new Tenant(row.getInt("id"), row.getString("name"), Timestamps.read(row, "created_at"));
  }
}
