package dev.lastword.http;

import io.micronaut.context.annotation.Prototype;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget for the bytes that requests or responses hold in memory: a quarter of the heap, unless
 * another amount is given. What exceeds it is answered with 503 at once.
 */
@Prototype
public final class InFlightBytes {
  private static final int SHARE_OF_THE_HEAP = 4;

  private final long max;
  private final AtomicLong taken = new AtomicLong();

  @Inject
  InFlightBytes() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
  }

  public InFlightBytes(long max) {
    this.max = max;
  }

  /** Takes bytes if that many are left, or if none are taken. */
  public boolean take(long bytes) {
    long before = taken.getAndAdd(bytes);
    if (before > 0 && before + bytes > max) {
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
