package dev.lastword.event;

/** What waits in a lane to be written with others. */
sealed interface Entry permits Arrival, Refusals, DeadLetter {

  /** About how many bytes it adds to the statements, at the most. */
  int bytes();
}
