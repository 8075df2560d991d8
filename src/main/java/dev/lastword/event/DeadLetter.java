package dev.lastword.event;

/** A valid event that the database refused, and why. */
record DeadLetter(Event event, String reason) implements Entry {

  @Override
  public int bytes() {
    return 2 * event.bytes();
  }
}
