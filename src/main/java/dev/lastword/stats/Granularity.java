package dev.lastword.stats;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/** The length of periods. Weeks are those of ISO 8601: they start on Monday. */
public enum Granularity {
  DAY,
  WEEK,
  MONTH;

  /** Returns the first day of the period that contains a day. */
  public LocalDate start(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  /**
   * Returns the first day of a later period.
   *
   * @param start the first day of a period
   */
  public LocalDate plus(LocalDate start, int periods) {
    return switch (this) {
      case DAY -> start.plusDays(periods);
      case WEEK -> start.plusWeeks(periods);
      case MONTH -> start.plusMonths(periods);
    };
  }

  /** Returns all days of the periods that contain these days. */
  public Days whole(Days days) {
    return new Days(start(days.first()), plus(start(days.last()), 1).minusDays(1), days.zone());
  }

  /** Returns the first days of the periods that contain these days, in their order. */
  public List<LocalDate> periods(Days days) {
    List<LocalDate> starts = new ArrayList<>();
    LocalDate first = start(days.first());
    for (LocalDate start = first; !start.isAfter(days.last()); start = plus(first, starts.size())) {
      starts.add(start);
    }
    return starts;
  }
}
