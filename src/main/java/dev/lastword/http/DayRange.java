package dev.lastword.http;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of days; what is null does not restrict.
 *
 * @param from the first that counts
 * @param to the first that no longer counts
 */
public record DayRange(@Nullable LocalDate from, @Nullable LocalDate to) {

  public static DayRange parse(@Nullable String from, @Nullable String to) {
    var days =
        new DayRange(
            from == null ? null : Parameters.day("from", from),
            to == null ? null : Parameters.day("to", to));
    Parameters.require(
        days.from == null || days.to == null || !days.from.isAfter(days.to),
        "from must not be later than to.");
    return days;
  }
}
