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
public record Days(LocalDate first, LocalDate last) {
  public static final int MAX = 3_660;
  private static final int DEFAULT = 30;
  private static final int END = 3000;

  /**
   * Parses a range of days: the last thirty by default.
   *
   * @param from the first day, null for 29 days before the last
   * @param to the last day, null for today
   */
  public static Days parse(@Nullable String from, @Nullable String to, LocalDate today) {
    return parse(from, to, today, DEFAULT);
  }

  /**
   * Parses a range of days.
   *
   * @param from the first day, null for the one that makes the range {@code length} days long
   * @param to the last day, null for today
   */
  public static Days parse(
      @Nullable String from, @Nullable String to, LocalDate today, int length) {
    LocalDate last = to == null ? today : day("to", to);
    LocalDate first = from == null ? last.minusDays(length - 1L) : day("from", from);
    Parameters.require(!first.isAfter(last), "from must not be later than to.");
    Days days = new Days(first, last);
    Parameters.require(
        days.length() <= MAX, "from and to must span at most %d days.".formatted(MAX));
    return days;
  }

  /** Returns the number of days. */
  public int length() {
    return (int) ChronoUnit.DAYS.between(first, last) + 1;
  }

  /** Returns as many days that end the day before these. */
  public Days before() {
    return new Days(first.minusDays(length()), first.minusDays(1));
  }

  /** Reads a day, which leaves time for later periods that the database can represent. */
  static LocalDate day(String name, String given) {
    LocalDate day = Parameters.day(name, given);
    Parameters.require(day.getYear() < END, name + " must be before " + END + ".");
    return day;
  }
}
