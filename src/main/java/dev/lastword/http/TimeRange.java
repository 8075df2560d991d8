package dev.lastword.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A range of time.
 *
 * @param from the start, null for no limit
 * @param to the end, exclusive, null for no limit
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

  /** Returns the days that the range overlaps. */
  public DayRange days() {
    return new DayRange(
        from == null ? null : LocalDate.ofInstant(from, ZoneOffset.UTC),
        to == null ? null : LocalDate.ofInstant(to.minusMillis(1), ZoneOffset.UTC).plusDays(1));
  }
}
