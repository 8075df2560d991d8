package dev.lastword.feed;

/** The logs that have a feed. */
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
