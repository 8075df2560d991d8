package dev.lastword.idempotency;

import dev.lastword.row.Bucket;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code idempotency_key}: the answers to requests that clients may repeat.
 *
 * <ol>
 *   <li>A request claims its key. The first one gets it.
 *   <li>A repeat of the same request gets the first answer, or learns that the first one is in
 *       progress. A different request with the same key is refused.
 *   <li>The first request stores its answer, or releases the key if it was not carried out.
 *   <li>If it does neither because its node died, a repeat takes the key over when the lease has
 *       expired. The rows that the first one stored are duplicates then.
 * </ol>
 */
@Singleton
public class IdempotencyKeys {
  static final int MAX_LENGTH = 255;
  private static final int PAGE = 500;
  private static final int CONFLICT = 409;
  static final Duration KEPT = Duration.ofHours(24);

  /** The primary key. */
  record Key(int bucket, int tenantId, String key) {

    static Key of(int tenantId, String key) {
      return new Key(Bucket.of(tenantId, key), tenantId, key);
    }
  }

  /** The outcome of a claim. */
  sealed interface Claim {}

  /** The key is free; {@code owner} is needed to store the answer. */
  record Granted(long owner) implements Claim {}

  /** The same request was answered before. */
  record Answered(int status, String answer) implements Claim {}

  /** The same request is in progress. */
  record InProgress() implements Claim {}

  /** The key belongs to a different request. */
  record Mismatch() implements Claim {}

  private record Stored(Key key, String answer) {}

  private record Row(
      byte[] request, long owner, long ageMicros, int status, @Nullable String answer) {}

  private final SecureRandom random = new SecureRandom();
  private final JdbcOperations jdbc;

  IdempotencyKeys(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Claims a key. Each statement is a transaction of its own: locking the row after the insert has
   * found it would deadlock with other requests that do the same.
   *
   * @param request a digest of the request
   * @param lease how long the request may take
   */
  @Connectable
  Claim claim(Key key, byte[] request, Duration lease) {
    long owner = random.nextLong();
    if (insert(key, request, owner)) {
      return new Granted(owner);
    }
    Row row = find(key);
    if (row == null) { // released since the insert
      return new InProgress();
    }
    boolean same = Arrays.equals(row.request, request);
    boolean expired = row.ageMicros > KEPT.toNanos() / 1_000;
    boolean abandoned = row.answer == null && row.ageMicros > lease.toNanos() / 1_000;
    if (expired || (same && abandoned)) {
      return takeOver(key, request, row.owner, owner) ? new Granted(owner) : new InProgress();
    }
    if (!same) {
      return new Mismatch();
    }
    return row.answer == null ? new InProgress() : new Answered(row.status, row.answer);
  }

  /** Stores the answer, unless another request has taken the key over. */
  @Connectable
  void answer(Key key, long owner, int status, String answer) {
    jdbc.prepareStatement(
        """
        UPDATE idempotency_key SET status = ?, answer = ?
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setInt(1, status);
          statement.setString(2, answer);
          statement.setInt(3, key.bucket);
          statement.setInt(4, key.tenantId);
          statement.setString(5, key.key);
          statement.setLong(6, owner);
          return statement.executeUpdate();
        });
  }

  /** Releases the key, because the request was not carried out. */
  @Connectable
  void release(Key key, long owner) {
    jdbc.prepareStatement(
        """
        DELETE FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setInt(1, key.bucket);
          statement.setInt(2, key.tenantId);
          statement.setString(3, key.key);
          statement.setLong(4, owner);
          return statement.executeUpdate();
        });
  }

  /**
   * Deletes keys of a tenant with refusals (409) that say something that must not be kept. Their
   * requests may be repeated.
   *
   * @param selects whether to delete an answer
   * @return the number of keys
   */
  @Connectable
  public int deleteConflicts(int tenantId, Predicate<String> selects) {
    int deleted = 0;
    Key last = new Key(-1, tenantId, "");
    List<Stored> page;
    do {
      page = conflictsAfter(last);
      for (Stored stored : page) {
        if (selects.test(stored.answer)) {
          deleted +=
              Update.run(
                  jdbc,
                  "DELETE FROM idempotency_key WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND status = ?",
                  stored.key.bucket,
                  stored.key.tenantId,
                  stored.key.key,
                  CONFLICT);
        }
        last = stored.key;
      }
    } while (page.size() == PAGE);
    return deleted;
  }

  private List<Stored> conflictsAfter(Key last) {
    return Select.list(
        jdbc,
        """
        SELECT bucket, idem_key, answer FROM idempotency_key
        WHERE tenant_id = ? AND status = ? AND (bucket > ? OR (bucket = ? AND idem_key > ?))
        ORDER BY bucket, idem_key
        LIMIT ?
        """,
        List.of(last.tenantId, CONFLICT, last.bucket, last.bucket, last.key, PAGE),
        row ->
            new Stored(
                new Key(row.getInt("bucket"), last.tenantId, row.getString("idem_key")),
                row.getString("answer")));
  }

  private boolean insert(Key key, byte[] request, long owner) {
    return jdbc.prepareStatement(
        """
        INSERT IGNORE INTO idempotency_key (bucket, tenant_id, idem_key, request, owner, started_at)
        VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        """,
        statement -> {
          statement.setInt(1, key.bucket);
          statement.setInt(2, key.tenantId);
          statement.setString(3, key.key);
          statement.setBytes(4, request);
          statement.setLong(5, owner);
          return statement.executeUpdate() == 1;
        });
  }

  private @Nullable Row find(Key key) {
    return jdbc.<@Nullable Row>prepareStatement(
        """
        SELECT request, owner, TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(3)) AS age, status, answer
        FROM idempotency_key
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ?
        """,
        statement -> {
          statement.setInt(1, key.bucket);
          statement.setInt(2, key.tenantId);
          statement.setString(3, key.key);
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

  private boolean takeOver(Key key, byte[] request, long former, long owner) {
    return jdbc.prepareStatement(
        """
        UPDATE idempotency_key SET request = ?, owner = ?, started_at = UTC_TIMESTAMP(3), status = NULL, answer = NULL
        WHERE bucket = ? AND tenant_id = ? AND idem_key = ? AND owner = ?
        """,
        statement -> {
          statement.setBytes(1, request);
          statement.setLong(2, owner);
          statement.setInt(3, key.bucket);
          statement.setInt(4, key.tenantId);
          statement.setString(5, key.key);
          statement.setLong(6, former);
          return statement.executeUpdate() == 1;
        });
  }
}
