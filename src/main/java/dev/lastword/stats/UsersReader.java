package dev.lastword.stats;

import dev.lastword.rollup.ActiveUserReader;
import dev.lastword.rollup.Activity;
import dev.lastword.stats.UsersController.User;
import dev.lastword.stats.UsersController.Users;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads who the active users are from their bitmaps, and who searched for a keyword from the log.
 */
@Singleton
class UsersReader {
  private final ActiveDays active;
  private final ActiveUserReader reader;
  private final JdbcOperations jdbc;

  UsersReader(ActiveDays active, ActiveUserReader reader, @Named("reads") JdbcOperations jdbc) {
    this.active = active;
    this.reader = reader;
    this.jdbc = jdbc;
  }

  /**
   * @param cohort the days of their first activity; null for all users
   */
  @Connectable("reads")
  Users read(Activity activity, Days days, @Nullable Days cohort, Page page) {
    RoaringBitmap users =
        cohort == null ? active(activity, days) : ofCohort(cohort, activity, days);
    // Of other time zones, also those that are in the log and not yet counted.
    users.remove(ActiveDays.FIRST_UNNUMBERED, ActiveDays.END);
    long count = users.getLongCardinality();
    List<Integer> numbers =
        IntStream.range(page.offset(), (int) Math.min(page.end(), count))
            .mapToObj(users::select)
            .toList();
    List<User> found =
        reader.userIds(activity.tenantId(), numbers).stream().map(User::new).toList();
    return new Users(found, count, days.source());
  }

  /** Reads who searched for a keyword, in the order of ids. */
  @Connectable("reads")
  Users searchedFor(int tenantId, String keyword, Days days, Page page) {
    List<User> users = new ArrayList<>();
    LoggedSearches.of(tenantId, days, keyword)
        .forEach(
            jdbc,
            "user_id",
            "GROUP BY user_id ORDER BY user_id",
            row -> {
              String userId = row.getString("user_id");
              if (userId != null) {
                users.add(new User(userId));
              }
            });
    return new Users(page.of(users), users.size(), Answers.LOG);
  }

  private RoaringBitmap active(Activity activity, Days days) {
    RoaringBitmap users = new RoaringBitmap();
    active.forEach(activity, days, (day, ofDay) -> users.or(ofDay));
    return users;
  }

  private RoaringBitmap ofCohort(Days cohort, Activity activity, Days days) {
    RoaringBitmap seen = new RoaringBitmap();
    RoaringBitmap first = new RoaringBitmap();
    RoaringBitmap users = new RoaringBitmap();
    active.forEachSinceFirst(
        activity,
        days.span(cohort),
        (day, ofDay) -> {
          if (cohort.contains(day)) {
            first.or(RoaringBitmap.andNot(ofDay, seen));
          }
          if (days.contains(day)) {
            users.or(ofDay);
          }
          seen.or(ofDay);
        });
    users.and(first);
    return users;
  }
}
