package dev.lastword.rollup;

import java.time.LocalDate;

/**
 * A kind of activity on a day: the key of a set of users in {@code active_user}.
 *
 * @param topic empty unless the kind is {@link Kind#TOPIC}
 */
public record Activity(int tenantId, Kind kind, String topic, LocalDate day) {

  /** The kinds, with their numbers in the table. */
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
}
