package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/** The response if an event was stored before. */
enum OnDuplicate {
  /** Success, because the event is stored. */
  IGNORE,
  /** 409, with the first event. */
  CONFLICT;

  /**
   * Reads the query parameter.
   *
   * @return the requested or the default behaviour; null if the parameter is not valid
   */
  static @Nullable OnDuplicate read(@Nullable String text, OnDuplicate otherwise) {
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "ignore" -> IGNORE;
      case "conflict" -> CONFLICT;
      default -> null;
    };
  }
}
