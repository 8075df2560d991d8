package dev.lastword.search;

import dev.lastword.commit.LockedRows;
import dev.lastword.row.Bucket;
import java.util.Comparator;
import java.util.List;

/**
 * Whose typing it is: the primary key of {@code search_staging}. Keys are ordered as in the
 * database.
 *
 * @param bucket 0 to 63, a hash of the other two; in SQL {@code CRC32(CONCAT(tenant_id, ':',
 *     session_id)) & 63}
 * @param sessionId 1 to 64 printable ASCII characters, no blanks at the ends
 */
record SessionKey(int bucket, int tenantId, String sessionId) implements Comparable<SessionKey> {
  private static final Comparator<SessionKey> ORDER =
      Comparator.comparingInt(SessionKey::bucket)
          .thenComparingInt(SessionKey::tenantId)
          .thenComparing(SessionKey::sessionId);

  static SessionKey of(int tenantId, String sessionId) {
    return new SessionKey(Bucket.of(tenantId, sessionId), tenantId, sessionId);
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
    return Bucket.ranges(
        keys,
        (one, other) -> one.bucket == other.bucket && one.tenantId == other.tenantId,
        key ->
            "s.bucket = "
                + key.bucket
                + " AND s.tenant_id = "
                + key.tenantId
                + " AND s.session_id");
  }
}
