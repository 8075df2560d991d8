package dev.lastword.access;

import dev.lastword.access.TokenKeys.TokenKey;
import dev.lastword.row.Select;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Reads and writes table {@code token_key}. */
@Singleton
class TokenKeyRepository {
  private static final int SECRET_BYTES = 32;

  private final JdbcOperations jdbc;

  TokenKeyRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Finds a key by its id. */
  @Connectable
  Optional<TokenKey> find(String id) {
    return select("SELECT id, secret FROM token_key WHERE id = ?", id);
  }

  /** Returns the key of today, which is made if there is none. */
  @Connectable
  TokenKey ofToday() {
    return today()
        .orElseGet(
            () -> {
              insert();
              // Not that of today: it may be midnight.
              return select("SELECT id, secret FROM token_key ORDER BY day DESC LIMIT 1")
                  .orElseThrow();
            });
  }

  private Optional<TokenKey> today() {
    return select("SELECT id, secret FROM token_key WHERE day = UTC_DATE()");
  }

  /** Makes the key of today, unless another node has, and deletes those that are no longer used. */
  private void insert() {
    jdbc.<Integer>prepareStatement(
        "INSERT IGNORE INTO token_key (day, id, secret) VALUES (UTC_DATE(), ?, ?)",
        statement -> {
          statement.setString(1, KeyText.randomId());
          statement.setBytes(2, KeyText.randomBytes(SECRET_BYTES));
          return statement.executeUpdate();
        });
    jdbc.<Integer>prepareStatement(
        "DELETE FROM token_key WHERE day < UTC_DATE() - INTERVAL 1 DAY",
        statement -> statement.executeUpdate());
  }

  private Optional<TokenKey> select(String sql, String... values) {
    return Select.list(
            jdbc,
            sql,
            List.of(values),
            row -> new TokenKey(row.getString("id"), row.getBytes("secret")))
        .stream()
        .findFirst();
  }
}
