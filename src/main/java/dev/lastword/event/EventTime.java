package dev.lastword.event;

import dev.lastword.row.Timestamps;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** The time of an event by its sender. */
final class EventTime {
  /**
   * Clocks may be fast. A time further ahead is an error, and might have no monthly partition yet.
   */
  static final Duration AHEAD = Duration.ofDays(1);

  static final String RULE =
      "must be ISO-8601 or seconds or milliseconds since 1970, at most a day ahead of now";

  /** Numbers from here on are milliseconds; as seconds they would be the year 5138. */
  private static final double MILLIS_FROM = 1e11;

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();

  private EventTime() {}

  /**
   * Reads ISO-8601 (in UTC if it has no zone; a blank for the T and a comma for the point are
   * accepted, as in logs), a date, or seconds or milliseconds since 1970.
   *
   * @return the time in UTC and milliseconds, null if it is not valid, before 1970 or too far ahead
   */
  static @Nullable LocalDateTime read(String text, Instant now) {
    try {
      Instant time = isNumber(text) ? number(Double.parseDouble(text)) : iso(text);
      return time.isBefore(Instant.EPOCH) || time.isAfter(now.plus(AHEAD))
          ? null
          : Timestamps.toDatabase(time.truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static Instant number(double number) {
    return Instant.ofEpochMilli(number < MILLIS_FROM ? Math.round(number * 1_000) : (long) number);
  }

  private static Instant iso(String text) {
    if (text.length() == "2026-01-31".length()) {
      return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    TemporalAccessor time =
        ISO.parseBest(
            text.replace(' ', 'T').replace(',', '.'), OffsetDateTime::from, LocalDateTime::from);
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(time);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+');
  }
}
