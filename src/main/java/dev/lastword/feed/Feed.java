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

  /** Returns the feed with a number in the tables. */
  public static Feed of(int number) {
    return values()[number - 1];
  }

  /** Returns the number in the tables. */
  public int number() {
    return number;
  }
}
