package dev.lastword.access;

import dev.lastword.row.Select;
import dev.lastword.row.Update;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Reads and writes table {@code browser_session}. */
@Singleton
class Sessions {
  private final JdbcOperations jdbc;

  Sessions(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Begins a session, and forgets those that have expired.
   *
   * @return its id
   */
  @Connectable
  String begin(String keyId, Duration life) {
    String id = KeyText.randomId();
    Update.run(
        jdbc,
        "INSERT INTO browser_session (id, key_id, expires_at) VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)",
        id,
        keyId,
        life.toSeconds());
    Update.run(jdbc, "DELETE FROM browser_session WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 100");
    return id;
  }

  @Connectable
  boolean isOpen(String id) {
    return !Select.list(
            jdbc, "SELECT 1 FROM browser_session WHERE id = ?", List.of(id), row -> true)
        .isEmpty();
  }

  @Connectable
  void end(String id) {
    Update.run(jdbc, "DELETE FROM browser_session WHERE id = ?", id);
  }

  /** Ends all sessions of a key. */
  @Connectable
  void endAll(String keyId) {
    Update.run(jdbc, "DELETE FROM browser_session WHERE key_id = ?", keyId);
  }
}
