package dev.lastword.row;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Converts between instants and columns of type DATETIME(3), which hold UTC. */
public final class Timestamps {

  private Timestamps() {}

  public static LocalDateTime toDatabase(Instant time) {
    return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
  }

  public static Instant fromDatabase(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC);
  }

  /** Reads a column that is NOT NULL. */
  public static Instant read(ResultSet row, String column) throws SQLException {
    return fromDatabase(row.getObject(column, LocalDateTime.class));
  }

  public static @Nullable Instant readNullable(ResultSet row, String column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : fromDatabase(time);
  }
}
