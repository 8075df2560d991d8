package dev.lastword.stream;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The latest rows of a feed, kept once for all subscribers of this node.
 *
 * <ol>
 *   <li>One poller reads new rows; hundreds of subscribers cost the database no more than one.
 *   <li>Each subscriber takes the rows after its own position when its client can receive them.
 *   <li>The window is bounded in rows and in bytes. A subscriber that falls behind it is dropped
 *       with a message; it may reconnect with the last id that it received, and then reads from the
 *       database.
 * </ol>
 *
 * <p>Without subscribers, nothing is read. The window begins at the position of the first one.
 */
final class LiveWindow {

  static final int PAGE = 500;
  private static final int PAGE_BYTES = 2 << 20;
  private static final long MOST_BYTES = 32 << 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /**
   * The rows that a subscriber takes at once.
   *
   * @param through the position up to which rows were examined
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Chunk(byte[] bytes, long through) {}

  private final StreamSource<?> source;
  private final int max;
  private final ConcurrentNavigableMap<Long, StreamEntry> window = new ConcurrentSkipListMap<>();
  private final Set<StreamSubscriber> subscribers = ConcurrentHashMap.newKeySet();
  // The window has all rows after `from`, up to `to`.
  private volatile long from;
  private volatile long to;
  private long bytes;
  private int count;

  LiveWindow(StreamSource<?> source, int max) {
    this.source = source;
    this.max = max;
  }

  StreamSource<?> source() {
    return source;
  }

  /** Returns whether the window has all rows after this position. */
  boolean covers(long position) {
    return !subscribers.isEmpty() && position >= from;
  }

  /**
   * Adds a subscriber.
   *
   * @return false if it is already behind the window
   */
  synchronized boolean join(StreamSubscriber subscriber) {
    if (subscribers.isEmpty()) {
      window.clear();
      bytes = 0;
      count = 0;
      from = subscriber.position();
      to = subscriber.position();
    }
    return subscriber.position() >= from && subscribers.add(subscriber);
  }

  /**
   * Forgets all rows, because some were deleted. Subscribers that have not received them all are
   * dropped, and read from the database when they reconnect.
   */
  synchronized void forget() {
    // Set before the rows are removed, because take() checks `from` last.
    from = to;
    window.clear();
    bytes = 0;
    count = 0;
  }

  boolean isRead() {
    return !subscribers.isEmpty();
  }

  void leave(StreamSubscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /** Reads new rows, and wakes the subscribers. */
  void poll() {
    long start = System.nanoTime();
    boolean more = true;
    while (more && !subscribers.isEmpty()) {
      long last = to;
      StreamPage page = source.after(last, PAGE, PAGE_BYTES);
      append(page, last);
      subscribers.forEach(StreamSubscriber::wake);
      more = page.full();
      if (more) {
        letSubscribersCatchUp(start + LONGEST_PAUSE);
      }
    }
  }

  void beat() {
    subscribers.forEach(StreamSubscriber::beat);
  }

  /**
   * Returns some of the rows after a position that pass the filter.
   *
   * @return null if the position is behind the window
   */
  @Nullable Chunk take(long position, StreamFilter filter, int size) {
    long end = to;
    if (position >= end) {
      return new Chunk(new byte[0], position);
    }
    var frames = new ByteArrayOutputStream();
    long through = end;
    for (StreamEntry entry : window.subMap(position, false, end, true).values()) {
      if (filter.wants(entry)) {
        frames.writeBytes(entry.frame());
        if (frames.size() >= size) {
          through = entry.position();
          break;
        }
      }
    }
    // Checked last, because rows may have left the window meanwhile.
    return position < from ? null : new Chunk(frames.toByteArray(), through);
  }

  boolean hasPassed(long position) {
    return position < from;
  }

  private synchronized void append(StreamPage page, long last) {
    if (to != last) {
      return; // the window was restarted by a new first subscriber
    }
    for (StreamEntry entry : page.entries()) {
      window.put(entry.position(), entry);
      bytes += entry.frame().length;
    }
    to = page.through();
    count += page.entries().size();
    for (StreamEntry oldest : window.values()) {
      if (count <= max && bytes <= MOST_BYTES) {
        return;
      }
      // Set before the row is removed, because take() checks `from` last.
      from = oldest.position();
      window.remove(from);
      bytes -= oldest.frame().length;
      count--;
    }
  }

  /**
   * In a burst, waits for subscribers that are far behind, as long as they make progress: they are
   * not slow, only slower than the poller. It does not wait for stalled ones, nor for longer than a
   * second.
   */
  private void letSubscribersCatchUp(long until) {
    while (subscribers.stream().filter(this::isFarBehind).anyMatch(StreamSubscriber::hasMoved)
        && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(PAUSE);
    }
  }

  private boolean isFarBehind(StreamSubscriber subscriber) {
    return to - subscriber.position() > max / 2;
  }
}
