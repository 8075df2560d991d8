package dev.lastword.ops;

import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;

import java.sql.Connection;
import java.sql.SQLException;

/** Checks the API keys. */
final class AccessChecks {
  private static final String ACTIVE =
      "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > UTC_TIMESTAMP(3))";

  private record Keys(long all, long active, long endless, long soon) {}

  private AccessChecks() {}

  static Finding keys(Connection connection) throws SQLException {
    Keys keys =
        Check.query(
                connection,
                """
                SELECT COUNT(*) AS keys_of_all_times,
                       COALESCE(SUM(%1$s), 0) AS active,
                       COALESCE(SUM(%1$s AND expires_at IS NULL AND scopes <> 'write'), 0) AS endless,
                       COALESCE(SUM(%1$s AND expires_at < UTC_TIMESTAMP(3) + INTERVAL 14 DAY), 0) AS soon
                FROM api_key
                """
                    .formatted(ACTIVE),
                row ->
                    new Keys(
                        row.getLong("keys_of_all_times"),
                        row.getLong("active"),
                        row.getLong("endless"),
                        row.getLong("soon")))
            .get(0);
    if (keys.all == 0) {
      return ok("keys", "none: everyone who can reach the service can read and write");
    }
    if (keys.active == 0) {
      return warn("keys", "none is accepted", "lastword keys create");
    }
    String seen = keys.active + " accepted";
    if (keys.soon > 0) {
      return warn("keys", seen + ", " + keys.soon + " expire within 14 days", "lastword keys list");
    }
    return keys.endless == 0
        ? ok("keys", seen)
        : warn(
            "keys",
            seen + ", " + keys.endless + " that can read or manage never expire",
            "replace them by keys with --expires");
  }
}
