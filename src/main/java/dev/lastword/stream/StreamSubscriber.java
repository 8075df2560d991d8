package dev.lastword.stream;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.FluxSink;

/**
 * A client of a stream. It takes rows from the window only when the client can receive them, so
 * nothing accumulates for a client that does not read. If it falls behind the window, it is
 * dropped.
 */
final class StreamSubscriber {

  private static final int CHUNK = 16 * 1024;
  static final String TOO_SLOW = "Client too slow. Reconnect with the last id you received.";

  private final LiveWindow stream;
  private final StreamFilter filter;
  private final FluxSink<byte[]> sink;
  private final Runnable onDrop;
  // One thread at a time sends; others make it check again.
  private final AtomicInteger wakes = new AtomicInteger();
  private volatile long position;
  private volatile boolean beats;
  private long seenAt = -1;
  private boolean dropped;

  StreamSubscriber(
      LiveWindow stream,
      StreamFilter filter,
      FluxSink<byte[]> sink,
      long position,
      Runnable onDrop) {
    this.stream = stream;
    this.filter = filter;
    this.sink = sink;
    this.position = position;
    this.onDrop = onDrop;
  }

  /** Returns the position up to which all rows were sent or filtered out. */
  long position() {
    return position;
  }

  /** Returns whether rows were sent since the last call, which only the poller makes. */
  boolean hasMoved() {
    boolean moved = position != seenAt;
    seenAt = position;
    return moved;
  }

  void beat() {
    beats = true;
    wake();
  }

  /** Sends available rows, as many as the client can receive. */
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
      LiveWindow.Chunk chunk = stream.take(position, filter, CHUNK);
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

  /**
   * Drops the client. The sink keeps the last frame, with the reason, until the client can receive
   * it.
   */
  void drop() {
    dropped = true;
    stream.leave(this);
    onDrop.run();
    sink.next(SseFrames.dropped(position, TOO_SLOW));
    sink.complete();
  }
}
