package dev.lastword.stats;

import dev.lastword.rollup.Activity;
import dev.lastword.stats.RetentionController.Cohort;
import dev.lastword.stats.RetentionController.Grid;
import dev.lastword.stats.RetentionController.Period;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * Computes retention from the bitmaps of active users, in one pass from the first day ever: a user
 * who was not seen on an earlier day belongs to the cohort of the day.
 */
@Singleton
class RetentionReader {
  private static final RoaringBitmap NONE = new RoaringBitmap();

  private final ActiveDays active;

  RetentionReader(ActiveDays active) {
    this.active = active;
  }

  List<Cohort> read(Activity activity, Grid grid, LocalDate today) {
    LocalDate first = grid.cohorts().get(0);
    RoaringBitmap seen = new RoaringBitmap();
    Map<LocalDate, RoaringBitmap> cohorts = new TreeMap<>();
    Map<LocalDate, RoaringBitmap> returning = new TreeMap<>();
    active.forEachSinceFirst(
        activity,
        grid.days(),
        (day, ofDay) -> {
          if (!day.isBefore(first)) {
            LocalDate start = grid.granularity().start(day);
            cohorts
                .computeIfAbsent(start, key -> new RoaringBitmap())
                .or(RoaringBitmap.andNot(ofDay, seen));
            returning.computeIfAbsent(start, key -> new RoaringBitmap()).or(ofDay);
          }
          seen.or(ofDay);
        });
    return grid.cohorts().stream()
        .map(start -> cohort(start, cohorts.getOrDefault(start, NONE), returning, grid, today))
        .toList();
  }

  private static Cohort cohort(
      LocalDate start,
      RoaringBitmap users,
      Map<LocalDate, RoaringBitmap> active,
      Grid grid,
      LocalDate today) {
    List<Period> periods = new ArrayList<>();
    for (int period = 0; period <= grid.periods(); period++) {
      LocalDate day = grid.granularity().plus(start, period);
      if (day.isAfter(today)) {
        break;
      }
      periods.add(
          Period.of(
              period,
              RoaringBitmap.andCardinality(users, active.getOrDefault(day, NONE)),
              users.getCardinality()));
    }
    return new Cohort(start, users.getCardinality(), periods);
  }
}
