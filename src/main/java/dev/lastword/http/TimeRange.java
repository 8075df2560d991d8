package dev.lastword.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time; what is null does not restrict.
 *
 * @param from the first moment that counts
 * @param to the first moment that no longer counts
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant to) {

  public static TimeRange parse(@Nullable String from, @Nullable String to) {
    return of(
        from == null ? null : Parameters.time("from", from),
        to == null ? null : Parameters.time("to", to));
  }

  public static TimeRange of(@Nullable Instant from, @Nullable Instant to) {
    Parameters.require(
        from == null || to == null || !from.isAfter(to), "from must not be later than to.");
    return new TimeRange(from, to);
  }

  /** The days that it touches. */
  public DayRange days() {
    return new DayRange(
        from == null ? null : LocalDate.ofInstant(from, ZoneOffset.UTC),
        to == null ? null : LocalDate.ofInstant(to.minusMillis(1), ZoneOffset.UTC).plusDays(1));
  }
}
