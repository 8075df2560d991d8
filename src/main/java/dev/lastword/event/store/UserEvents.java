package dev.lastword.event.store;

import dev.lastword.daily.CountedTopic;
import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.TopicRecount;
import dev.lastword.daily.ValueSummary;
import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deletes the events of a user. */
@Singleton
public class UserEvents {
  private static final int PAGE = 500;

  /**
   * A row of the log.
   *
   * @param counted the topic that counts it
   */
  private record Logged(
      EventKey key, long id, LocalDateTime occurredAt, @Nullable BigDecimal value, String counted) {

    DailyTopics.Key countKey() {
      return DailyTopics.Key.of(key.bucket(), key.tenantId(), occurredAt.toLocalDate(), counted);
    }
  }

  private record Letter(int bucket, long id, LocalDateTime rejectedAt, String event) {}

  private final JdbcOperations jdbc;
  private final TopicRecount topics;
  private final JsonMapper json;

  UserEvents(JdbcOperations jdbc, TopicRecount topics, JsonMapper json) {
    this.jdbc = jdbc;
    this.topics = topics;
    this.json = json;
  }

  /**
   * Deletes rows of the log with their keys, and takes them out of the daily counts of topics. An
   * event that is sent again is new.
   *
   * @param keys at least one, of rows of one tenant
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after; the two exclude partitions
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public void delete(List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    String rows = " WHERE occurred_at BETWEEN ? AND ? AND (%s)".formatted(RowKey.condition(keys));
    List<Logged> events =
        Select.list(
            jdbc,
            """
            SELECT bucket, tenant_id, topic, event_id, id, occurred_at, value, %s AS counted
            FROM event_log FORCE INDEX (PRIMARY)"""
                    .formatted(CountedTopic.SQL)
                + rows,
            List.of(earliest, latest),
            row ->
                new Logged(
                    new EventKey(
                        row.getInt("bucket"),
                        row.getInt("tenant_id"),
                        row.getString("topic"),
                        row.getString("event_id")),
                    row.getLong("id"),
                    row.getObject("occurred_at", LocalDateTime.class),
                    row.getBigDecimal("value"),
                    row.getString("counted")));
    Update.run(jdbc, "DELETE FROM event_log" + rows, earliest, latest);
    Update.batch(
        jdbc,
        """
        DELETE FROM event_key
        WHERE bucket = ? AND tenant_id = ? AND topic = ? AND event_id = ? AND id = ?
        """,
        events.stream()
            .sorted((one, other) -> one.key.compareTo(other.key))
            .map(
                event ->
                    List.of(
                        event.key.bucket(),
                        event.key.tenantId(),
                        event.key.topic(),
                        event.key.eventId(),
                        event.id))
            .toList());
    Map<DailyTopics.Key, ValueSummary> deleted = new HashMap<>();
    for (Logged event : events) {
      deleted.merge(event.countKey(), ValueSummary.of(event.value), ValueSummary::plus);
    }
    topics.subtract(deleted);
  }

  /**
   * Deletes dead letters, by the times of their rejection.
   *
   * @return the number of rows
   */
  @Connectable
  public int deleteDeadLetters(UserSelection selection) {
    int deleted = 0;
    Letter last = new Letter(-1, 0, selection.until(), "");
    List<Letter> page;
    do {
      page = page(selection.tenantId(), last);
      for (Letter letter : page) {
        if (selection.covers(letter.rejectedAt) && isOf(selection.userId(), letter.event)) {
          deleted +=
              Update.run(
                  jdbc,
                  "DELETE FROM rejected_event WHERE bucket = ? AND tenant_id = ? AND id = ?",
                  letter.bucket,
                  selection.tenantId(),
                  letter.id);
        }
        last = letter;
      }
    } while (page.size() == PAGE);
    return deleted;
  }

  private List<Letter> page(int tenantId, Letter after) {
    return Select.list(
        jdbc,
        """
        SELECT bucket, id, rejected_at, event FROM rejected_event
        WHERE tenant_id = ? AND (bucket > ? OR (bucket = ? AND id > ?))
        ORDER BY bucket, id
        LIMIT ?
        """,
        List.of(tenantId, after.bucket, after.bucket, after.id, PAGE),
        row ->
            new Letter(
                row.getInt("bucket"),
                row.getLong("id"),
                row.getObject("rejected_at", LocalDateTime.class),
                row.getString("event")));
  }

  private boolean isOf(String userId, String event) {
    JsonNode user = read(event).get("user_id");
    return user != null && user.isString() && user.getStringValue().equals(userId);
  }

  /**
   * Returns whether a stored answer is about an event that is not stored, because it was deleted: a
   * conflict lists the events that were stored before.
   */
  @Connectable
  public boolean isAboutDeleted(int tenantId, String answer) {
    JsonNode duplicates = read(answer).get("duplicates");
    if (duplicates == null || !duplicates.isArray()) {
      return false;
    }
    for (JsonNode duplicate : duplicates.values()) {
      String topic = duplicate.get("topic").getStringValue();
      if (!isStored(EventKey.of(tenantId, topic, duplicate.get("event_id").getStringValue()))) {
        return true;
      }
    }
    return false;
  }

  private boolean isStored(EventKey key) {
    return !Select.list(
            jdbc,
            "SELECT 1 FROM event_key WHERE bucket = ? AND tenant_id = ? AND topic = ? AND event_id = ?",
            List.of(key.bucket(), key.tenantId(), key.topic(), key.eventId()),
            row -> true)
        .isEmpty();
  }

  private JsonNode read(String text) {
    try {
      return json.readValue(text, JsonNode.class);
    } catch (IOException e) {
      // Written by an administrator; it is nobody's.
      return JsonNode.nullNode();
    }
  }
}
