package dev.lastword.event;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory events may hold while they wait for their commit: the lanes count rows, and these
 * may be large. A request that finds no room is answered with 503 at once.
 */
@Singleton
class Room {
  private static final int SHARE_OF_THE_HEAP = 4;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  @Inject
  Room() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
  }

  Room(long most) {
    this.most = most;
  }

  /** Says whether there is room; where all is free there always is. */
  boolean take(long bytes) {
    long before = taken.getAndAdd(bytes);
    if (before > 0 && before + bytes > most) {
      leave(bytes);
      return false;
    }
    return true;
  }

  void leave(long bytes) {
    taken.addAndGet(-bytes);
  }
}
