package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/** A write that waits in a lane. */
public sealed interface EventWrite
    permits PendingEvent, EventWrite.DeadLetter, EventWrite.RejectedCount {

  int bucket();

  /**
   * Returns the key of the daily count of its topic.
   *
   * @param now time of the database
   */
  DailyTopics.Key countKey(LocalDateTime now);

  /**
   * @return the keys of the rows that other transactions may lock as well
   */
  default Collection<?> keys() {
    return List.of(countKey(LocalDateTime.now(ZoneOffset.UTC)));
  }

  /**
   * @return an upper estimate of the bytes that it adds to the statements
   */
  int bytes();

  /** A valid event that the database refused, and why. */
  record DeadLetter(Event event, String reason) implements EventWrite {

    @Override
    public int bucket() {
      return event.key().bucket();
    }

    @Override
    public DailyTopics.Key countKey(LocalDateTime now) {
      return event.key().count(now.toLocalDate());
    }

    @Override
    public int bytes() {
      return 2 * event.bytes();
    }
  }

  /**
   * The number of events of a topic that were not valid. Only the number goes into the database, so
   * that the totals add up on all nodes.
   */
  record RejectedCount(int bucket, int tenantId, String topic, int count) implements EventWrite {

    @Override
    public DailyTopics.Key countKey(LocalDateTime now) {
      return DailyTopics.Key.of(bucket, tenantId, now.toLocalDate(), topic);
    }

    @Override
    public int bytes() {
      return 200;
    }
  }
}
