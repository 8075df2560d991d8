package dev.lastword.http;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A range of days.
 *
 * @param from the first day, null for no limit
 * @param to the day after the last one, null for no limit
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
