package dev.lastword.search;

import dev.lastword.commit.LockedRows;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Whose typing it is: the primary key of {@code search_staging}. Keys are ordered as in the
 * database.
 *
 * @param bucket 0 to 63, a hash of the other two; in SQL {@code CRC32(CONCAT(tenant_id, ':',
 *     session_id)) & 63}
 * @param sessionId 1 to 64 printable ASCII characters, no blanks at the ends
 */
record SessionKey(int bucket, int tenantId, String sessionId) implements Comparable<SessionKey> {
  static final int BUCKETS = 64;

  private static final Comparator<SessionKey> ORDER =
      Comparator.comparingInt(SessionKey::bucket)
          .thenComparingInt(SessionKey::tenantId)
          .thenComparing(SessionKey::sessionId);

  static SessionKey of(int tenantId, String sessionId) {
    CRC32 hash = new CRC32();
    hash.update((tenantId + ":" + sessionId).getBytes(StandardCharsets.US_ASCII));
    return new SessionKey((int) hash.getValue() & (BUCKETS - 1), tenantId, sessionId);
  }

  /** Returns its row of {@code search_staging}. */
  LockedRows.Row stagedRow() {
    return new LockedRows.Row(
        "search_staging WHERE bucket = ? AND tenant_id = ? AND session_id = ?",
        List.of(bucket, tenantId, sessionId));
  }

  @Override
  public int compareTo(SessionKey other) {
    return ORDER.compare(this, other);
  }

  /**
   * A condition that holds for exactly these keys of a table {@code s}, with a parameter for each
   * session id, in the order of the keys. It names ranges of the primary key, one for each bucket
   * and tenant.
   *
   * @param keys at least one, in their order
   */
  static String condition(List<SessionKey> keys) {
    StringBuilder sql = new StringBuilder(keys.size() * 2 + 200);
    SessionKey before = null;
    for (SessionKey key : keys) {
      if (before != null && before.bucket == key.bucket && before.tenantId == key.tenantId) {
        sql.append(",?");
      } else {
        sql.append(before == null ? "(" : ")) OR (")
            .append("s.bucket = ")
            .append(key.bucket)
            .append(" AND s.tenant_id = ")
            .append(key.tenantId)
            .append(" AND s.session_id IN (?");
      }
      before = key;
    }
    return sql.append("))").toString();
  }
}
