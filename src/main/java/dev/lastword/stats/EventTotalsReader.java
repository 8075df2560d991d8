package dev.lastword.stats;

import dev.lastword.stats.EventTotals.Topic;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the totals of a tenant's events from the daily counts. */
@Singleton
class EventTotalsReader {
  static final String BY_TOPIC =
      """
      SELECT topic, SUM(events) AS events, SUM(duplicates) AS duplicates, SUM(changed) AS changed,
             SUM(rejected) AS rejected
      FROM daily_topic
      WHERE tenant_id = ?
      GROUP BY topic
      """;

  private static final int TOPICS = 1_000;

  private final JdbcOperations jdbc;

  EventTotalsReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  EventTotals read(int tenantId) {
    Map<String, Topic> all = topics(tenantId);
    Topic sum = all.values().stream().reduce(Topic.NONE, Topic::plus);
    List<Map.Entry<String, Topic>> largest =
        all.entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(Comparator.comparingLong(Topic::accepted).reversed()))
            .limit(TOPICS)
            .toList();
    Map<String, Long> topics = new LinkedHashMap<>();
    Map<String, Topic> byTopic = new LinkedHashMap<>();
    for (Map.Entry<String, Topic> topic : largest) {
      topics.put(topic.getKey(), topic.getValue().accepted());
      byTopic.put(topic.getKey(), topic.getValue());
    }
    return new EventTotals(
        sum.received(),
        sum.accepted(),
        sum.accepted(),
        sum.duplicates(),
        sum.duplicates(),
        sum.changed(),
        sum.rejected(),
        topics,
        byTopic,
        NodeTotals.secondsSinceStart());
  }

  @Connectable("reads")
  Map<String, Topic> topics(int tenantId) {
    return jdbc.prepareStatement(
        BY_TOPIC,
        statement -> {
          statement.setInt(1, tenantId);
          Map<String, Topic> found = new TreeMap<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.put(
                  rows.getString("topic"),
                  Topic.of(
                      rows.getLong("events"),
                      rows.getLong("duplicates"),
                      rows.getLong("changed"),
                      rows.getLong("rejected")));
            }
          }
          return found;
        });
  }
}
