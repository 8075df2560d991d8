package dev.lastword.feed;

/** The logs that have a feed. */
public enum Feed {
  SEARCHES(1, "search_log", "searched_at"),
  EVENTS(2, "event_log", "occurred_at");

  private final int number;
  private final String log;
  private final String timeColumn;

  Feed(int number, String log, String timeColumn) {
    this.number = number;
    this.log = log;
    this.timeColumn = timeColumn;
  }

  /** Returns the feed with a number in the tables. */
  public static Feed of(int number) {
    return values()[number - 1];
  }

  /** Returns the number in the tables. */
  public int number() {
    return number;
  }

  /** Returns the name of the log, a table. */
  public String log() {
    return log;
  }

  /** Returns the name of the log's column with the time of a row. */
  public String timeColumn() {
    return timeColumn;
  }
}
