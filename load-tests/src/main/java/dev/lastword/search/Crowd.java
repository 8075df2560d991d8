package dev.lastword.search;

import java.util.Random;

/**
 * A thousand people who type at once, like those of keystrokes.lua: after each phrase, every other
 * one continues with another phrase; the others leave and new ones come. All of them write to the
 * buckets of one lane.
 */
final class Crowd {
  private static final String[] PHRASES = {
    "business", "search", "marketing", "python", "running shoes", "günstige flüge"
  };

  private final int lane;
  private final int lanes;
  private final Random random = new Random();
  private final String name = "bare-" + Long.toString(random.nextLong() >>> 1, 36) + "-";
  private final TypingSession[] places = new TypingSession[1_000];
  private int came;

  Crowd(int lane, int lanes) {
    this.lane = lane;
    this.lanes = lanes;
  }

  /** Returns the sessions that press the next keys; a session may occur more than once. */
  TypingSession[] next(int keystrokes) {
    TypingSession[] next = new TypingSession[keystrokes];
    for (int i = 0; i < keystrokes; i++) {
      int place = random.nextInt(places.length);
      TypingSession there = places[place];
      if (there == null || there.isDone()) {
        SessionKey key = there == null || random.nextBoolean() ? newKey() : there.key();
        places[place] = new TypingSession(key, PHRASES[random.nextInt(PHRASES.length)]);
      }
      next[i] = places[place];
    }
    return next;
  }

  private SessionKey newKey() {
    SessionKey key;
    do {
      key = SessionKey.of(1, name + came++);
    } while (key.bucket() % lanes != lane);
    return key;
  }
}
