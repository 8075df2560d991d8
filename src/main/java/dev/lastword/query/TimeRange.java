package dev.lastword.query;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time; what is null does not restrict.
 *
 * @param from the first moment that counts
 * @param to the first moment that no longer counts
 */
record TimeRange(@Nullable Instant from, @Nullable Instant to) {

  static TimeRange parse(@Nullable String from, @Nullable String to) {
    return of(
        from == null ? null : Moments.parse("from", from),
        to == null ? null : Moments.parse("to", to));
  }

  static TimeRange of(@Nullable Instant from, @Nullable Instant to) {
    LogFilter.require(
        from == null || to == null || !from.isAfter(to), "from must not be later than to.");
    return new TimeRange(from, to);
  }

  Conditions addTo(Conditions conditions, String time) {
    return conditions.key(time + " >= ?", database(from)).key(time + " < ?", database(to));
  }

  /** The days that it touches. */
  Days days() {
    return new Days(
        from == null ? null : LocalDate.ofInstant(from, ZoneOffset.UTC),
        to == null ? null : LocalDate.ofInstant(to.minusMillis(1), ZoneOffset.UTC).plusDays(1));
  }

  private static @Nullable LocalDateTime database(@Nullable Instant moment) {
    return moment == null ? null : Moments.toDatabase(moment);
  }
}
