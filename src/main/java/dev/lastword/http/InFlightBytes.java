package dev.lastword.http;

import io.micronaut.context.annotation.Prototype;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A budget for the bytes that requests or responses hold in memory: a quarter of the heap, unless
 * another amount is given. What exceeds it is answered with 503 at once.
 *
 * <p>Nobody can use all of it up: what a sender holds may be no more than what is left for others
 * afterwards, so half of the budget for one, a third each for two. Everyone may hold {@link
 * #LEAST}, as long as that is left.
 */
@Prototype
public final class InFlightBytes {
  /** The largest body. */
  static final long LEAST = 10 << 20;

  private static final int SHARE_OF_THE_HEAP = 4;

  private final long max;
  private final Map<String, Long> shares = new HashMap<>();
  private long taken;

  @Inject
  InFlightBytes() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
  }

  public InFlightBytes(long max) {
    this.max = max;
  }

  /**
   * Takes bytes if that many are left for these senders, or if none are taken.
   *
   * @param senders what stands for the sender, such as its key and its address
   */
  public synchronized boolean take(long bytes, List<String> senders) {
    long left = max - taken - bytes;
    if (taken > 0 && (left < 0 || senders.stream().anyMatch(each -> exceeds(each, bytes, left)))) {
      return false;
    }
    taken += bytes;
    senders.forEach(each -> shares.merge(each, bytes, Long::sum));
    return true;
  }

  private boolean exceeds(String sender, long bytes, long left) {
    return shares.getOrDefault(sender, 0L) + bytes > Math.max(left, LEAST);
  }

  /**
   * Releases bytes.
   *
   * @param senders for which they were taken
   */
  public synchronized void release(long bytes, List<String> senders) {
    taken -= bytes;
    for (String sender : senders) {
      shares.computeIfPresent(sender, (same, held) -> held > bytes ? held - bytes : null);
    }
  }

  public synchronized long taken() {
    return taken;
  }
}
