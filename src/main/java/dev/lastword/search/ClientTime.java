package dev.lastword.search;

import dev.lastword.row.Timestamps;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** The time of a keystroke by the clock of its client. */
final class ClientTime {
  /** Times further from now are ignored: the clock is wrong. */
  static final Duration NEAR = Duration.ofDays(1);

  /** For imported rows, which may be of any time. */
  static final Duration EVER = Duration.ofDays(365 * 100);

  private ClientTime() {}

  /**
   * Reads ISO-8601 (in UTC if it has no zone) or milliseconds since 1970.
   *
   * @return the time in UTC and milliseconds, null if it is missing, not valid, or further from now
   *     than {@code near}
   */
  static @Nullable LocalDateTime read(@Nullable String text, Instant now, Duration near) {
    Instant time = text == null ? null : parse(text.strip());
    return time == null || Duration.between(time, now).abs().compareTo(near) > 0
        ? null
        : Timestamps.toDatabase(time.truncatedTo(ChronoUnit.MILLIS));
  }

  private static @Nullable Instant parse(String text) {
    try {
      return isNumber(text)
          ? Instant.ofEpochMilli((long) Double.parseDouble(text))
          : parseIso(text);
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static Instant parseIso(String text) {
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(
            text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from);
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(time);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E');
  }
}
