package dev.lastword.event;

import java.util.UUID;

/** Ids of events that came without one. */
final class EventIds {

  private EventIds() {}

  /** A UUID of version 7: milliseconds first, the rest random. */
  static String next(long millis) {
    UUID random = UUID.randomUUID();
    return new UUID(
            millis << 16 | 0x7000 | (random.getMostSignificantBits() & 0xFFF),
            random.getLeastSignificantBits())
        .toString();
  }
}
