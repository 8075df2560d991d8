package dev.lastword.search;

import dev.lastword.commit.LockedRows;
import dev.lastword.row.Bucket;
import java.util.Comparator;
import java.util.List;

/**
 * The primary key of {@code search_staging}. Keys have the order of the database.
 *
 * @param bucket of tenant and session id, see {@link Bucket}
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
   * Returns a condition that holds for exactly these keys of table {@code s}, as ranges of the
   * primary key, with a parameter for each session id.
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
