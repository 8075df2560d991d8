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
    var range =
        new TimeRange(
            from == null ? null : Moments.parse("from", from),
            to == null ? null : Moments.parse("to", to));
    LogFilter.require(
        range.from == null || range.to == null || !range.from.isAfter(range.to),
        "from must not be later than to.");
    return range;
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
