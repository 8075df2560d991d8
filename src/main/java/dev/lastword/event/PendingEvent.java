package dev.lastword.event;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the log. The lane marks it with what became of it before it completes
 * the promise to the sender, so that whoever waited for that reads the marks without a lock.
 */
final class PendingEvent implements EventWrite {
  final int index;

  Event event;
  private LocalDateTime at = LocalDateTime.MIN;
  private @Nullable StoredKey first;

  /**
   * @param index its place in the request
   */
  PendingEvent(int index, Event event) {
    this.index = index;
    this.event = event;
  }

  @Override
  public int bucket() {
    return event.key().bucket();
  }

  @Override
  public Collection<?> keys() {
    LocalDateTime time = event.occurredAt();
    LocalDate day = time == null ? LocalDate.now(ZoneOffset.UTC) : time.toLocalDate();
    return List.of(event.key(), event.key().count(day));
  }

  @Override
  public int bytes() {
    return event.bytes();
  }

  /** When it happened: by the sender, else now by the clock of the database. */
  void settleTime(LocalDateTime now) {
    at = event.occurredAt() == null ? now : event.occurredAt();
  }

  LocalDateTime at() {
    return at;
  }

  /** Gives it another id, since its own is that of another row. */
  void renumber(long id) {
    event = event.withId(id);
  }

  void markNew() {
    first = null;
  }

  void markDuplicateOf(StoredKey stored) {
    first = stored;
  }

  /** The one that came before it; null where it is new. */
  @Nullable StoredKey first() {
    return first;
  }

  /** It is a duplicate, yet says something else than the first one. */
  boolean isChanged() {
    return first != null && first.content() != event.content();
  }
}
