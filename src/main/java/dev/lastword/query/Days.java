package dev.lastword.query;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of days; what is null does not restrict.
 *
 * @param from the first that counts
 * @param to the first that no longer counts
 */
record Days(@Nullable LocalDate from, @Nullable LocalDate to) {

  static Days parse(@Nullable String from, @Nullable String to) {
    var days =
        new Days(
            from == null ? null : Moments.day("from", from),
            to == null ? null : Moments.day("to", to));
    LogFilter.require(
        days.from == null || days.to == null || !days.from.isAfter(days.to),
        "from must not be later than to.");
    return days;
  }
}
