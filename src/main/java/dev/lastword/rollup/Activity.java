package dev.lastword.rollup;

/**
 * What users must have done to count as active.
 *
 * @param topic empty unless the kind is {@link Kind#TOPIC}
 */
public record Activity(int tenantId, Kind kind, String topic) {

  /** The kinds, with their numbers in {@code active_user}. */
  public enum Kind {
    ANY,
    SEARCHES,
    EVENTS,
    /** Events of one topic. */
    TOPIC;

    int number() {
      return ordinal();
    }
  }

  /** Returns an activity of all topics. */
  public static Activity of(int tenantId, Kind kind) {
    return new Activity(tenantId, kind, "");
  }
}
