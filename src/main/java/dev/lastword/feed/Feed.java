package dev.lastword.feed;

/** What there is an order of. */
public enum Feed {
  /** The rows of {@code search_log}. */
  SEARCHES(1),
  /** The rows of {@code event_log}. */
  EVENTS(2);

  private final int number;

  Feed(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
