package dev.lastword.event;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

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
