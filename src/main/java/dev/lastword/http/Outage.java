package dev.lastword.http;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away, full or failing over from a statement that is wrong. */
final class Outage {

  /** Disk full, table space full, shutting down, started read-only, set read-only. */
  private static final Set<Integer> CODES = Set.of(1021, 1114, 1053, 1290, 1836);

  private Outage() {}

  static boolean is(Throwable error) {
    return causes(error).anyMatch(Outage::temporary);
  }

  /** What the driver says of it in its first line, for the log only. */
  static String reason(Throwable error) {
    return causes(error)
        .filter(Outage::temporary)
        .map(Throwable::toString)
        .flatMap(String::lines)
        .findFirst()
        .orElse("");
  }

  private static boolean temporary(Throwable error) {
    if (error instanceof SQLTransientException || error instanceof SQLRecoverableException) {
      return true;
    }
    return error instanceof SQLException e
        && (CODES.contains(e.getErrorCode()) || isConnectionState(e.getSQLState()));
  }

  private static boolean isConnectionState(@Nullable String state) {
    return state != null && state.startsWith("08");
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause).limit(20);
  }
}
