package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import dev.lastword.row.Bucket;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The identity of an event: the primary key of {@code event_key}.
 *
 * @param bucket of tenant and {@code topic:event_id}, see {@link Bucket}
 * @param topic 1 to 255 characters, no blanks at the ends
 * @param eventId 1 to 255 characters, no blanks at the ends
 */
public record EventKey(int bucket, int tenantId, String topic, String eventId)
    implements Comparable<EventKey> {

  /**
   * A row of {@code event_key}.
   *
   * @param id of the event's row in {@code event_log}
   * @param content see {@link Event#content}
   */
  public record Stored(EventKey key, long id, LocalDateTime occurredAt, long content) {}

  private static final Comparator<EventKey> ORDER =
      Comparator.comparingInt(EventKey::bucket)
          .thenComparingInt(EventKey::tenantId)
          .thenComparing(EventKey::topic)
          .thenComparing(EventKey::eventId);

  public static EventKey of(int tenantId, String topic, String eventId) {
    return new EventKey(Bucket.of(tenantId, topic + ":" + eventId), tenantId, topic, eventId);
  }

  /** Returns the key of the daily count that counts an event of this key. */
  DailyTopics.Key count(LocalDate day) {
    return DailyTopics.Key.of(bucket, tenantId, day, topic);
  }

  @Override
  public int compareTo(EventKey other) {
    return ORDER.compare(this, other);
  }

  /**
   * Returns a condition that holds for exactly these keys, as ranges of the primary key, with the
   * {@link #parameters}.
   *
   * @param keys at least one, in their order
   */
  static String condition(List<EventKey> keys) {
    return Bucket.ranges(
        keys,
        EventKey::isInRangeOf,
        key ->
            "bucket = "
                + key.bucket
                + " AND tenant_id = "
                + key.tenantId
                + " AND topic = ? AND event_id");
  }

  /** Returns the parameters of {@link #condition}. */
  static List<String> parameters(List<EventKey> keys) {
    List<String> values = new ArrayList<>(keys.size() + 16);
    EventKey before = null;
    for (EventKey key : keys) {
      if (before == null || !key.isInRangeOf(before)) {
        values.add(key.topic);
      }
      values.add(key.eventId);
      before = key;
    }
    return values;
  }

  private boolean isInRangeOf(EventKey other) {
    return other.bucket == bucket && other.tenantId == tenantId && other.topic.equals(topic);
  }
}
