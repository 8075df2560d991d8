package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/** A write that waits in a lane. */
public sealed interface EventWrite
    permits PendingEvent, EventWrite.DeadLetter, EventWrite.RejectedCount {

  int bucket();

  /**
   * @return the keys of the rows that other transactions may lock as well
   */
  Collection<?> keys();

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
    public Collection<?> keys() {
      return List.of(event.key().count(LocalDate.now(ZoneOffset.UTC)));
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
    public Collection<?> keys() {
      return List.of(DailyTopics.Key.of(bucket, tenantId, LocalDate.now(ZoneOffset.UTC), topic));
    }

    @Override
    public int bytes() {
      return 200;
    }
  }
}
