package dev.lastword.stream;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.FluxSink;

/**
 * One client of a stream. It takes from the window only when the client has room; so nothing piles
 * up for a client that does not read, and the window tells when it has fallen too far behind.
 */
final class StreamSubscriber {

  private static final int CHUNK = 16 * 1024;
  static final String TOO_SLOW = "Client too slow. Reconnect with the last id you received.";

  private final LiveWindow stream;
  private final StreamFilter wanted;
  private final FluxSink<byte[]> sink;
  private final Runnable onDrop;
  // One thread at a time sends; another that would makes it look once more.
  private final AtomicInteger wakes = new AtomicInteger();
  private volatile long position;
  private volatile boolean beats;
  private long seenAt = -1;
  private boolean dropped;

  StreamSubscriber(
      LiveWindow stream,
      StreamFilter wanted,
      FluxSink<byte[]> sink,
      long position,
      Runnable onDrop) {
    this.stream = stream;
    this.wanted = wanted;
    this.sink = sink;
    this.position = position;
    this.onDrop = onDrop;
  }

  /** All up to here was sent, or is not wanted. */
  long position() {
    return position;
  }

  /** Whether something was sent since this was asked last; the poller asks. */
  boolean hasMoved() {
    boolean moved = position != seenAt;
    seenAt = position;
    return moved;
  }

  void beat() {
    beats = true;
    wake();
  }

  /** Sends what there is, as far as the client has room. */
  void wake() {
    if (wakes.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      send();
      seen = wakes.addAndGet(-seen);
    } while (seen > 0);
  }

  private void send() {
    while (!dropped && !sink.isCancelled() && sink.requestedFromDownstream() > 0) {
      LiveWindow.Chunk chunk = stream.take(position, wanted, CHUNK);
      if (chunk == null) {
        drop();
      } else if (chunk.through() == position) {
        beatIfDue();
        return;
      } else {
        position = chunk.through();
        if (chunk.bytes().length > 0) {
          sink.next(chunk.bytes());
        }
      }
    }
    if (!dropped && stream.hasPassed(position)) {
      drop();
    }
  }

  private void beatIfDue() {
    if (beats) {
      beats = false;
      sink.next(SseFrames.heartbeat(position));
    }
  }

  /** The reason is the last that the sink holds for the client, until that has room. */
  void drop() {
    dropped = true;
    stream.leave(this);
    onDrop.run();
    sink.next(SseFrames.dropped(position, TOO_SLOW));
    sink.complete();
  }
}
