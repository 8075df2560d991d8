package dev.lastword.stats;

import dev.lastword.daily.CountedTopic;
import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.TopEventsController.Topic;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the most frequent topics from {@code daily_event}; what is outside of days of UTC, from
 * {@code event_log}.
 */
@Singleton
class TopEventsReader {

  private final JdbcOperations jdbc;

  TopEventsReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  List<Topic> read(int tenantId, Days days, Page page) {
    List<Object> values = new ArrayList<>();
    String counted = "daily_event WHERE tenant_id = ? AND day >= ? AND day < ?";
    values.add(tenantId);
    WholeDays whole = days.wholeDaysOfUtc();
    values.add(whole.first());
    values.add(whole.next());
    if (!days.isUtc()) {
      String logged =
          "event_log FORCE INDEX (newest) WHERE tenant_id = ? AND " + WholeDays.around(Feed.EVENTS);
      List<Object> loggedValues = new ArrayList<>();
      loggedValues.add(tenantId);
      loggedValues.addAll(whole.aroundValues());
      LogLimit.require(
          jdbc,
          Feed.EVENTS,
          whole.startOfLog(),
          logged,
          loggedValues,
          "events outside of whole days of UTC; leave tz out");
      values.addAll(loggedValues);
      counted =
          """
          (SELECT topic, events FROM %s
           UNION ALL
           SELECT %s AS counted, COUNT(*) FROM %s GROUP BY counted) AS counted
          """
              .formatted(counted, CountedTopic.SQL, logged);
    }
    values.add(page.limit());
    values.add(page.offset());
    return Select.list(
        jdbc,
        "SELECT topic, SUM(events) AS total FROM %s GROUP BY topic ORDER BY total DESC, topic LIMIT ? OFFSET ?"
            .formatted(counted),
        values,
        row -> new Topic(row.getString("topic"), row.getLong("total")));
  }
}
