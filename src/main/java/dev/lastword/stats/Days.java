package dev.lastword.stats;

import dev.lastword.http.Parameters;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The days that an answer is about.
 *
 * @param last the last day, inclusive
 * @param zone where the days begin at midnight; {@link ZoneOffset#UTC} itself if there are counts
 */
public record Days(LocalDate first, LocalDate last, ZoneId zone) {
  static final int MAX = 3_660;
  private static final int DEFAULT = 30;
  private static final int END = 3000;
  private static final int SECONDS_OF_HOUR = 3_600;

  /**
   * Parses a range of days: the last thirty by default.
   *
   * @param from the first day, null for 29 days before the last
   * @param to the last day, null for today
   * @param tz the time zone, null for UTC
   */
  public static Days parse(
      @Nullable String from, @Nullable String to, @Nullable String tz, Clock clock) {
    return parse(from, to, tz, clock, DEFAULT);
  }

  /**
   * Parses a range of days.
   *
   * @param from the first day, null for the one that makes the range {@code length} days long
   * @param to the last day, null for today
   * @param tz the time zone, null for UTC
   */
  public static Days parse(
      @Nullable String from, @Nullable String to, @Nullable String tz, Clock clock, int length) {
    ZoneId zone = zone(tz);
    LocalDate last = to == null ? LocalDate.now(clock.withZone(zone)) : day("to", to);
    LocalDate first = from == null ? last.minusDays(length - 1L) : day("from", from);
    Parameters.require(!first.isAfter(last), "from must not be later than to.");
    Days days = new Days(first, last, zone);
    days.requireAtMost(MAX);
    return days;
  }

  /** Reads a day, which leaves time for later periods that the database can represent. */
  static LocalDate day(String name, String given) {
    LocalDate day = Parameters.day(name, given);
    Parameters.require(day.getYear() < END, name + " must be before " + END + ".");
    return day;
  }

  /**
   * Reads a time zone.
   *
   * @param tz null for UTC
   */
  static ZoneId zone(@Nullable String tz) {
    if (tz == null) {
      return ZoneOffset.UTC;
    }
    try {
      // A plus sign that was not encoded in the URL arrives as a blank.
      ZoneId zone = ZoneId.of(tz.replace(' ', '+'));
      ZoneRules rules = zone.getRules();
      return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC)
          ? ZoneOffset.UTC
          : zone;
    } catch (DateTimeException e) {
      Parameters.require(false, "tz must be a time zone such as Europe/Berlin or +02:00.");
      throw e;
    }
  }

  /** Responds with 400 if these are more days. */
  public void requireAtMost(int days) {
    Parameters.require(length() <= days, "from and to must span at most %d days.".formatted(days));
  }

  /** Returns the number of days. */
  public int length() {
    return (int) ChronoUnit.DAYS.between(first, last) + 1;
  }

  /** Returns as many days that end the day before these. */
  public Days before() {
    return new Days(first.minusDays(length()), first.minusDays(1), zone);
  }

  /** Returns these days, others of the same zone, and all between. */
  public Days span(Days others) {
    return new Days(
        first.isBefore(others.first) ? first : others.first,
        last.isAfter(others.last) ? last : others.last,
        zone);
  }

  boolean contains(LocalDate day) {
    return !day.isBefore(first) && !day.isAfter(last);
  }

  /** Returns whether these are the days of the counts. */
  public boolean isUtc() {
    return zone.equals(ZoneOffset.UTC);
  }

  /** Returns where answers about these days come from. */
  public String source() {
    return isUtc() ? Answers.COUNTS : Answers.LOG;
  }

  /** Returns whether each hour of the zone is an hour of UTC, on all of these days. */
  public boolean hasHoursOfUtc() {
    ZoneRules rules = zone.getRules();
    Instant time = start().toInstant(ZoneOffset.UTC);
    boolean whole = isWholeHour(rules.getOffset(time));
    ZoneOffsetTransition next = rules.nextTransition(time);
    while (whole && next != null && next.getInstant().isBefore(end().toInstant(ZoneOffset.UTC))) {
      whole = isWholeHour(next.getOffsetAfter());
      next = rules.nextTransition(next.getInstant());
    }
    return whole;
  }

  private static boolean isWholeHour(ZoneOffset offset) {
    return offset.getTotalSeconds() % SECONDS_OF_HOUR == 0;
  }

  /** Returns the start of the first day, in UTC. */
  public LocalDateTime start() {
    return utc(first);
  }

  /** Returns the end of the last day, exclusive, in UTC. */
  public LocalDateTime end() {
    return utc(last.plusDays(1));
  }

  /** Returns the whole days of UTC within these days. */
  public WholeDays wholeDaysOfUtc() {
    return WholeDays.within(start(), end());
  }

  private LocalDateTime utc(LocalDate day) {
    return day.atStartOfDay(zone).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
  }

  /** Returns a time of UTC in the zone. */
  public ZonedDateTime at(LocalDateTime utc) {
    return utc.atOffset(ZoneOffset.UTC).atZoneSameInstant(zone);
  }

  /** Returns the last day in UTC that these days overlap. */
  LocalDate lastOfUtc() {
    return end().minusNanos(1).toLocalDate();
  }
}
