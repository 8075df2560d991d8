package dev.lastword.ops;

import static dev.lastword.ops.Finding.fail;
import static dev.lastword.ops.Finding.ok;
import static dev.lastword.ops.Finding.warn;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.http.connection.PemKeyStore;
import io.micronaut.context.exceptions.ConfigurationException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Checks what protects the service: API keys, the password of the database, the certificate. */
final class AccessChecks {
  private static final String ACTIVE =
      "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > UTC_TIMESTAMP(3))";

  private static final Duration SOON = Duration.ofDays(14);

  private record Keys(long all, long active, long endless, long soon) {}

  private AccessChecks() {}

  static Finding password(DatabaseAddress database) {
    return database.isPasswordGuessable()
        ? warn(
            "password",
            "none, or one that is easy to guess",
            "give the user of the database a random one, for example by openssl rand -base64 24")
        : ok("password", "not a default one");
  }

  /** Checks the files of TLS, which only a node reads, on its machine. */
  static Finding certificate(Path certificate, Path key) {
    Instant expires;
    try {
      expires =
          PemKeyStore.certificate(PemKeyStore.read(certificate, key)).getNotAfter().toInstant();
    } catch (ConfigurationException | GeneralSecurityException e) {
      return fail("certificate", "cannot be used", String.valueOf(e.getMessage()));
    }
    Duration left = Duration.between(Instant.now(), expires);
    String seen = "expires on " + LocalDate.ofInstant(expires, ZoneOffset.UTC);
    if (left.isNegative()) {
      return fail("certificate", seen, "clients refuse it; renew it");
    }
    return left.compareTo(SOON) < 0
        ? warn("certificate", seen, "renew it; nodes read the files again")
        : ok("certificate", seen);
  }

  static Finding keys(Connection connection, boolean open) throws SQLException {
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
      String none = "none: everyone who can reach the service can read and write";
      return open ? warn("keys", none, "lastword keys create") : ok("keys", none);
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
