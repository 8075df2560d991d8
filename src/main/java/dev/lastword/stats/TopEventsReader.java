package dev.lastword.stats;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.TopEventsController.Topic;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;

/** Reads the most frequent topics from {@code daily_event}, otherwise from {@code event_log}. */
@Singleton
class TopEventsReader {

  private final JdbcOperations jdbc;

  TopEventsReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable("reads")
  List<Topic> read(int tenantId, Days days, Page page) {
    if (days.isUtc()) {
      return topics(
          """
          SELECT topic, SUM(events) AS total FROM daily_event
          WHERE tenant_id = ? AND day >= ? AND day <= ?
          GROUP BY topic ORDER BY total DESC, topic LIMIT ? OFFSET ?
          """,
          List.of(tenantId, days.first(), days.last(), page.limit(), page.offset()));
    }
    String rows =
        """
        event_log FORCE INDEX (newest)
        WHERE tenant_id = ? AND occurred_at >= ? AND occurred_at < ?
        """;
    LogLimit.require(
        jdbc,
        Feed.EVENTS,
        days.start(),
        rows,
        List.of(tenantId, days.start(), days.end()),
        "events; use a shorter range");
    return topics(
        "SELECT topic, COUNT(*) AS total FROM %s GROUP BY topic ORDER BY total DESC, topic LIMIT ? OFFSET ?"
            .formatted(rows),
        List.of(tenantId, days.start(), days.end(), page.limit(), page.offset()));
  }

  private List<Topic> topics(String sql, List<Object> values) {
    return Select.list(
        jdbc, sql, values, row -> new Topic(row.getString("topic"), row.getLong("total")));
  }
}
