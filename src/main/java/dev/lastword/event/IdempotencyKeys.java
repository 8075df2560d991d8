package dev.lastword.event;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code idempotency_key}: the answers to requests that may be sent again.
 *
 * <ol>
 *   <li>A request claims its key. The first one gets it.
 *   <li>Whoever comes with another request under the key is told so; with the same request it gets
 *       the first answer, or is told that the first one is under way.
 *   <li>The first one leaves its answer, or gives the key back if it was not carried out.
 *   <li>If it does neither because its node died, the same request takes the key over after a
 *       while. What the first one stored it finds as duplicates.
 * </ol>
 */
@Singleton
class IdempotencyKeys {
  static final int MAX_LENGTH = 255;
  static final Duration KEPT = Duration.ofHours(24);

  /** What a key is about. */
  record Name(int bucket, int tenantId, String key) {

    static Name of(int tenantId, String key) {
      CRC32 hash = new CRC32();
      hash.update((tenantId + ":" + key).getBytes(StandardCharsets.US_ASCII));
      return new Name((int) hash.getValue() & 63, tenantId, key);
    }
  }

  /** What a request that claims a key is to do. */
  sealed interface Claim {}

  /** Carry it out, and name the owner when it leaves the answer. */
  record Granted(long owner) implements Claim {}

  /** Give the first answer again. */
  record Answered(int status, String answer) implements Claim {}

  /** Come again: the first one is being carried out. */
  record UnderWay() implements Claim {}

  /** The key belongs to another request. */
  record Taken() implements Claim {}

  private record Row(
      byte[] request, long owner, long ageMicros, int status, @Nullable String answer) {}

  private final SecureRandom random = new SecureRandom();
  private final JdbcOperations jdbc;

  IdempotencyKeys(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Claims a key. Each statement is a transaction: to lock the row after the insert has found it
   * would deadlock with others that do the same.
   *
   * @param request a digest of the request
   * @param lease how long a request may take at the most
   */
  @Connectable
  Claim claim(Name name, byte[] request, Duration lease) {
    long owner = random.nextLong();
    if (insert(name, request, owner)) {
      return new Granted(owner);
    }
    Row row = find(name);
    if (row == null) { // given back since the insert
      return new UnderWay();
    }
    boolean same = Arrays.equals(row.request, request);
    boolean forgotten = row.ageMicros > KEPT.toNanos() / 1_000;
    boolean abandoned = row.answer == null && row.ageMicros > lease.toNanos() / 1_000;
    if (forgotten || (same && abandoned)) {
      return takeOver(name, request, row.owner, owner) ? new Granted(owner) : new UnderWay();
    }
    if (!same) {
      return new Taken();
    }
    return row.answer == null ? new UnderWay() : new Answered(row.status, row.answer);
  }

  /** Leaves the answer, unless the key went to somebody else meanwhile. */
  @Connectable
  void answer(Name name, long owner, int status, String answer) {
    jdbc.prepareStatement(
        """
        UPDATE idempotency_key SET status = ?, answer = ?
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setInt(1, status);
          statement.setString(2, answer);
          statement.setInt(3, name.bucket);
          statement.setInt(4, name.tenantId);
          statement.setString(5, name.key);
          statement.setLong(6, owner);
          return statement.executeUpdate();
        });
  }

  /** Gives the key back: the request was not carried out. */
  @Connectable
  void release(Name name, long owner) {
    jdbc.prepareStatement(
        """
        DELETE FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setInt(1, name.bucket);
          statement.setInt(2, name.tenantId);
          statement.setString(3, name.key);
          statement.setLong(4, owner);
          return statement.executeUpdate();
        });
  }

  private boolean insert(Name name, byte[] request, long owner) {
    return jdbc.prepareStatement(
        """
        INSERT IGNORE INTO idempotency_key (bucket, tenant_id, idem_key, request, owner, started_at)
        VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        """,
        statement -> {
          statement.setInt(1, name.bucket);
          statement.setInt(2, name.tenantId);
          statement.setString(3, name.key);
          statement.setBytes(4, request);
          statement.setLong(5, owner);
          return statement.executeUpdate() == 1;
        });
  }

  private @Nullable Row find(Name name) {
    return jdbc.<@Nullable Row>prepareStatement(
        """
        SELECT request, owner, TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(3)) AS age, status, answer
        FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ?
        """,
        statement -> {
          statement.setInt(1, name.bucket);
          statement.setInt(2, name.tenantId);
          statement.setString(3, name.key);
          try (ResultSet row = statement.executeQuery()) {
            return row.next() ? read(row) : null;
          }
        });
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getBytes("request"),
        row.getLong("owner"),
        row.getLong("age"),
        row.getInt("status"),
        row.getString("answer"));
  }

  private boolean takeOver(Name name, byte[] request, long former, long owner) {
    return jdbc.prepareStatement(
        """
        UPDATE idempotency_key SET request = ?, owner = ?, started_at = UTC_TIMESTAMP(3), status = NULL, answer = NULL
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setBytes(1, request);
          statement.setLong(2, owner);
          statement.setInt(3, name.bucket);
          statement.setInt(4, name.tenantId);
          statement.setString(5, name.key);
          statement.setLong(6, former);
          return statement.executeUpdate() == 1;
        });
  }
}
