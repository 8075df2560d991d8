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
 * The latest rows of a feed, held once for all readers of this node.
 *
 * <ol>
 *   <li>One poller reads what is new; hundreds of readers cost the database no more than one.
 *   <li>Each reader takes from the window what lies behind its own position, when its client has
 *       room for it.
 *   <li>The window is bounded, in rows and in bytes. A reader that it has passed by is dropped, and
 *       told so; with the last id that it saw it may come again, and is then fed from the database.
 * </ol>
 *
 * <p>Without readers nothing is read. The first one to come sets where the window begins.
 */
final class LiveWindow {

  static final int PAGE = 500;
  private static final int PAGE_BYTES = 2 << 20;
  private static final long MOST_BYTES = 32 << 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /**
   * What a reader takes at once.
   *
   * @param through the position up to which it was looked
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Chunk(byte[] bytes, long through) {}

  private final StreamSource<?> source;
  private final int most;
  private final ConcurrentNavigableMap<Long, StreamEntry> window = new ConcurrentSkipListMap<>();
  private final Set<StreamSubscriber> readers = ConcurrentHashMap.newKeySet();
  // The window holds all rows behind `from`, up to `to`.
  private volatile long from;
  private volatile long to;
  private long bytes;
  private int count;

  LiveWindow(StreamSource<?> source, int most) {
    this.source = source;
    this.most = most;
  }

  StreamSource<?> source() {
    return source;
  }

  /** Whether a reader at this position finds in the window all that it misses. */
  boolean covers(long position) {
    return !readers.isEmpty() && position >= from;
  }

  /** Takes a reader in; false if the window has passed it by already. */
  synchronized boolean join(StreamSubscriber reader) {
    if (readers.isEmpty()) {
      window.clear();
      bytes = 0;
      count = 0;
      from = reader.position();
      to = reader.position();
    }
    return reader.position() >= from && readers.add(reader);
  }

  void leave(StreamSubscriber reader) {
    readers.remove(reader);
  }

  /** Reads what is new, and lets the readers have it. */
  void poll() {
    long start = System.nanoTime();
    boolean more = true;
    while (more && !readers.isEmpty()) {
      long last = to;
      StreamPage page = source.behind(last, PAGE, PAGE_BYTES);
      append(page, last);
      readers.forEach(StreamSubscriber::wake);
      more = page.full();
      if (more) {
        letReadersFollow(start + LONGEST_PAUSE);
      }
    }
  }

  void beat() {
    readers.forEach(StreamSubscriber::beat);
  }

  /**
   * Some of what is wanted behind a position.
   *
   * @return null if the window has passed it by
   */
  @Nullable Chunk take(long position, StreamFilter wanted, int size) {
    long end = to;
    if (position >= end) {
      return new Chunk(new byte[0], position);
    }
    var frames = new ByteArrayOutputStream();
    long through = end;
    for (StreamEntry entry : window.subMap(position, false, end, true).values()) {
      if (wanted.wants(entry)) {
        frames.writeBytes(entry.frame());
        if (frames.size() >= size) {
          through = entry.position();
          break;
        }
      }
    }
    // Looked at last: rows may have left the window meanwhile.
    return position < from ? null : new Chunk(frames.toByteArray(), through);
  }

  boolean hasPassed(long position) {
    return position < from;
  }

  private synchronized void append(StreamPage page, long last) {
    if (to != last) {
      return; // A reader came, the first again, and began elsewhere.
    }
    for (StreamEntry entry : page.entries()) {
      window.put(entry.position(), entry);
      bytes += entry.frame().length;
    }
    to = page.through();
    count += page.entries().size();
    for (StreamEntry oldest : window.values()) {
      if (count <= most && bytes <= MOST_BYTES) {
        return;
      }
      // Told before it is done: who reads the window looks at `from` last.
      from = oldest.position();
      window.remove(from);
      bytes -= oldest.frame().length;
      count--;
    }
  }

  /**
   * In a burst, waits for readers that are far behind, as long as they move: they are not slow,
   * only slower than this. One that stands still holds nobody up, and all of them no longer than a
   * second.
   */
  private void letReadersFollow(long until) {
    while (readers.stream().filter(this::isFarBehind).anyMatch(StreamSubscriber::hasMoved)
        && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(PAUSE);
    }
  }

  private boolean isFarBehind(StreamSubscriber reader) {
    return to - reader.position() > most / 2;
  }
}
