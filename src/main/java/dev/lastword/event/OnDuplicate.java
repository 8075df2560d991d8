package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/** What a request is told when an event of it was stored before. */
enum OnDuplicate {
  /** Success: the event is there, as the sender wants it. */
  IGNORE,
  /** 409, naming the first one. */
  CONFLICT;

  /**
   * Reads the query parameter.
   *
   * @return what is asked for, or the default; null if there is no such way
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
