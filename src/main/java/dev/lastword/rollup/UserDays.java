package dev.lastword.rollup;

import dev.lastword.daily.CountedTopic;
import dev.lastword.rollup.Activity.Kind;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Removes a user from table {@code active_user}. */
@Singleton
class UserDays {
  private static final int PAGE = 500;

  /**
   * A row of the table among those of a tenant and a chunk, which have the order of these fields.
   *
   * @param kind its number
   */
  record Place(int kind, String topic, LocalDate day) {
    static final Place FIRST = new Place(-1, "", LocalDate.EPOCH);
  }

  /** A row of the table, which may contain the user. */
  private record Found(Place place, RoaringBitmap users) {}

  private final JdbcOperations jdbc;
  private final UserNumbers numbers;

  UserDays(JdbcOperations jdbc, UserNumbers numbers) {
    this.jdbc = jdbc;
    this.numbers = numbers;
  }

  /**
   * Removes a user from days without a row of the user, among the next rows of the table. After the
   * last ones, a user who is left in none of the logs loses the number.
   *
   * @param after the last examined row
   * @param cleared receives the number of changed rows
   * @return the last examined row; null if there are no more
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  @Nullable Place clear(UserSelection selection, Place after, LongConsumer cleared) {
    Integer number = numbers.find(selection.tenantId(), selection.userId());
    if (number == null) {
      return null;
    }
    int chunk = ActiveUsers.chunk(number);
    List<Found> page = page(selection, chunk, after);
    Set<Place> active = active(selection);
    long changed = 0;
    for (Found row : page) {
      if (!active.contains(row.place) && row.users.checkedRemove(ActiveUsers.bit(number))) {
        replace(selection.tenantId(), chunk, row);
        changed++;
      }
    }
    cleared.accept(changed);
    if (page.size() == PAGE) {
      return page.get(PAGE - 1).place;
    }
    if (selection.isOfAllTimes() && active.isEmpty()) {
      numbers.remove(selection.tenantId(), List.of(number));
    }
    return null;
  }

  private List<Found> page(UserSelection selection, int chunk, Place after) {
    return Select.list(
        jdbc,
        """
        SELECT kind, topic, day, bitmap FROM active_user
        WHERE tenant_id = ? AND chunk = ? AND day >= ? AND day <= ?
          AND (kind > ? OR (kind = ? AND (topic > ? OR (topic = ? AND day > ?))))
        ORDER BY kind, topic, day
        LIMIT ?
        """,
        List.of(
            selection.tenantId(),
            chunk,
            selection.start().toLocalDate(),
            selection.end().toLocalDate(),
            after.kind,
            after.kind,
            after.topic,
            after.topic,
            after.day,
            PAGE),
        row ->
            new Found(
                new Place(
                    row.getInt("kind"),
                    row.getString("topic"),
                    row.getObject("day", LocalDate.class)),
                ActiveUsers.bitmap(row.getBytes("bitmap"))));
  }

  /** Returns the rows of the table that count what the user has left in the logs. */
  private Set<Place> active(UserSelection selection) {
    Set<Place> active = new HashSet<>();
    List<Object> user = List.of(selection.tenantId(), selection.userId());
    Select.forEach(
        jdbc,
        """
        SELECT DISTINCT DATE(searched_at) AS day FROM search_log FORCE INDEX (by_user)
        WHERE tenant_id = ? AND user_id = ?
        """,
        user,
        row -> {
          LocalDate day = row.getObject("day", LocalDate.class);
          active.add(new Place(Kind.SEARCHES.number(), "", day));
          active.add(new Place(Kind.ANY.number(), "", day));
        });
    Select.forEach(
        jdbc,
        """
        SELECT DISTINCT DATE(occurred_at) AS day, %s AS counted FROM event_log FORCE INDEX (by_user)
        WHERE tenant_id = ? AND user_id = ?
        """
            .formatted(CountedTopic.SQL),
        user,
        row -> {
          LocalDate day = row.getObject("day", LocalDate.class);
          active.add(new Place(Kind.TOPIC.number(), row.getString("counted"), day));
          active.add(new Place(Kind.EVENTS.number(), "", day));
          active.add(new Place(Kind.ANY.number(), "", day));
        });
    return active;
  }

  private void replace(int tenantId, int chunk, Found row) {
    List<Object> key = List.of(tenantId, row.place.kind, row.place.topic, row.place.day, chunk);
    String where = " WHERE tenant_id = ? AND kind = ? AND topic = ? AND day = ? AND chunk = ?";
    if (row.users.isEmpty()) {
      Update.run(jdbc, "DELETE FROM active_user" + where, key.toArray());
      return;
    }
    List<Object> values =
        new ArrayList<>(List.of(row.users.getCardinality(), ActiveUsers.bytes(row.users)));
    values.addAll(key);
    Update.run(jdbc, "UPDATE active_user SET users = ?, bitmap = ?" + where, values.toArray());
  }
}
