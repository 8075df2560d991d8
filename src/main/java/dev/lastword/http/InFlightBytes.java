package dev.lastword.http;

import io.micronaut.context.annotation.Prototype;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget for the bytes that requests or answers hold in memory: a quarter of the heap, unless
 * another amount is given. What does not fit is answered with 503 at once. Each kind of use has a
 * budget of its own.
 */
@Prototype
public final class InFlightBytes {
  private static final int SHARE_OF_THE_HEAP = 4;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  @Inject
  InFlightBytes() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
  }

  public InFlightBytes(long most) {
    this.most = most;
  }

  /** Takes bytes if there are so many left; if none are taken, there always are. */
  public boolean take(long bytes) {
    long before = taken.getAndAdd(bytes);
    if (before > 0 && before + bytes > most) {
      release(bytes);
      return false;
    }
    return true;
  }

  public void release(long bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
