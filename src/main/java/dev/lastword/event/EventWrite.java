package dev.lastword.event;

import java.util.Collection;

/** What waits in a lane to be written with others. */
sealed interface EventWrite permits PendingEvent, Refusals, DeadLetter {

  int bucket();

  /** The keys of the rows that others may lock as well. */
  Collection<?> keys();

  /** About how many bytes it adds to the statements, at the most. */
  int bytes();
}
