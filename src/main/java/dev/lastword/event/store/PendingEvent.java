package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the log. The lane records the outcome in it before it completes the
 * future that the sender waits for, so the sender reads it without a lock.
 */
public final class PendingEvent implements EventWrite {
  private final int index;
  private Event event;
  private LocalDateTime at = LocalDateTime.MIN;
  private EventKey.@Nullable Stored first;

  /**
   * @param index its position in the request
   */
  public PendingEvent(int index, Event event) {
    this.index = index;
    this.event = event;
  }

  public int index() {
    return index;
  }

  public Event event() {
    return event;
  }

  @Override
  public int bucket() {
    return event.key().bucket();
  }

  @Override
  public DailyTopics.Key countKey(LocalDateTime now) {
    LocalDateTime time = event.occurredAt() == null ? now : event.occurredAt();
    return event.key().count(time.toLocalDate());
  }

  @Override
  public Collection<?> keys() {
    return List.of(event.key(), countKey(LocalDateTime.now(ZoneOffset.UTC)));
  }

  @Override
  public int bytes() {
    return event.bytes();
  }

  /** Sets its time to that of the sender, or else to the current time of the database. */
  void settleTime(LocalDateTime now) {
    at = event.occurredAt() == null ? now : event.occurredAt();
  }

  LocalDateTime at() {
    return at;
  }

  /** Gives it another id, because its own belongs to another row. */
  void renumber(long id) {
    event = event.withId(id);
  }

  void markNew() {
    first = null;
  }

  void markDuplicateOf(EventKey.Stored stored) {
    first = stored;
  }

  /**
   * @return the event that was stored before it, null if it is new
   */
  public EventKey.@Nullable Stored first() {
    return first;
  }

  /**
   * @return whether it is a duplicate whose content differs from that of the first one
   */
  public boolean isChanged() {
    return first != null && first.content() != event.content();
  }
}
