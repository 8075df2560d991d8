package dev.lastword.stats;

import dev.lastword.http.Parameters;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The days that an answer is about, in UTC.
 *
 * @param last the last day, inclusive
 */
record Days(LocalDate first, LocalDate last) {
  static final int MAX = 3_660;
  private static final int DEFAULT = 30;
  private static final int END = 3000;

  /**
   * Parses a range of days: the last thirty by default.
   *
   * @param from the first day, null for 29 days before the last
   * @param to the last day, null for today
   */
  static Days parse(@Nullable String from, @Nullable String to, LocalDate today) {
    LocalDate last = to == null ? today : day("to", to);
    LocalDate first = from == null ? last.minusDays(DEFAULT - 1L) : day("from", from);
    Parameters.require(!first.isAfter(last), "from must not be later than to.");
    Parameters.require(
        ChronoUnit.DAYS.between(first, last) < MAX,
        "from and to must span at most %d days.".formatted(MAX));
    return new Days(first, last);
  }

  /** Reads a day, which leaves time for later periods that the database can represent. */
  static LocalDate day(String name, String given) {
    LocalDate day = Parameters.day(name, given);
    Parameters.require(day.getYear() < END, name + " must be before " + END + ".");
    return day;
  }
}
