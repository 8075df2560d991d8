package dev.lastword.query;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Moments in requests and in the database. */
final class Moments {

  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private Moments() {}

  /** A moment with its offset from UTC, or a date, which means its start in UTC. */
  static Instant parse(String name, String text) {
    try {
      // A + that was not encoded in the address arrives as a blank.
      Instant moment =
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
      if (!moment.isBefore(EARLIEST) && !moment.isAfter(LATEST)) {
        return moment.truncatedTo(ChronoUnit.MILLIS);
      }
    } catch (DateTimeException e) {
      // falls through to the same refusal
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST,
        name + " must be a date such as 2026-01-31 or a moment such as 2026-01-31T09:30:00Z.");
  }

  static LocalDate day(String name, String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 1970 && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeException e) {
      // falls through to the same refusal
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST, name + " must be a date such as 2026-01-31.");
  }

  static LocalDateTime toDatabase(Instant moment) {
    return LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
  }

  static Instant read(ResultSet row, String column) throws SQLException {
    return fromDatabase(row.getObject(column, LocalDateTime.class));
  }

  static @Nullable Instant readIfAny(ResultSet row, String column) throws SQLException {
    LocalDateTime moment = row.getObject(column, LocalDateTime.class);
    return moment == null ? null : fromDatabase(moment);
  }

  static Instant fromDatabase(LocalDateTime moment) {
    return moment.toInstant(ZoneOffset.UTC);
  }
}
