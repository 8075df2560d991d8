package dev.lastword.commit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer thread and the rows that wait for it.
 *
 * <p>There is no timer that fills a batch: while a commit is under way the next rows gather, so a
 * lone row is committed at once and the batch grows with the load.
 */
final class Lane<T> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  // Far below the 16 MiB of MariaDB's max_allowed_packet, so that a batch stays one statement.
  private static final int MAX_BYTES = 1 << 20;
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

  /** The meters of all lanes of a group. */
  record Meters(Timer commits, DistributionSummary rows, Counter retries) {}

  private final BatchWriter<T> writer;
  private final Meters meters;
  private final BlockingQueue<Pending<T>> queue;
  private volatile List<Pending<T>> underWay = List.of();
  private volatile boolean closed;

  Lane(BatchWriter<T> writer, Meters meters, int capacity) {
    this.writer = writer;
    this.meters = meters;
    this.queue = new ArrayBlockingQueue<>(capacity);
  }

  /** Takes the row, or fails its promise at once where the queue is full or closed. */
  void add(Pending<T> row) {
    if (closed || !queue.offer(row)) {
      row.completeExceptionally(
          new UnavailableException(closed ? "the node stops" : "too much waits to be written"));
    } else if (closed
        && queue.remove(row)) { // came in while the thread looked at the queue for the last time
      row.completeExceptionally(new UnavailableException("the node stops"));
    }
  }

  int waiting() {
    return queue.size();
  }

  /** Ends the thread after what waits now is written. */
  void close() {
    closed = true;
  }

  /** Answers those who have waited too long, also while the thread hangs in a statement. */
  void expire(long now) {
    underWay.forEach(row -> row.expired(now));
    for (Pending<T> head = queue.peek(); head != null && head.expired(now); head = queue.peek()) {
      queue.remove(head);
    }
  }

  @Override
  public void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        List<Pending<T>> batch = next();
        underWay = batch;
        commit(batch);
        underWay = List.of();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      queue.removeIf(
          row -> row.completeExceptionally(new UnavailableException("the node stops")) || true);
    }
  }

  private List<Pending<T>> next() throws InterruptedException {
    // The wait ends now and then only to see whether the lane was closed.
    Pending<T> row = queue.poll(100, TimeUnit.MILLISECONDS);
    if (row == null) {
      return List.of();
    }
    int size = BatchSize.of(1 + queue.size());
    List<Pending<T>> batch = new ArrayList<>(size);
    batch.add(row);
    int bytes = writer.bytes(row.row);
    while (batch.size() < size && bytes < MAX_BYTES && (row = queue.poll()) != null) {
      batch.add(row);
      bytes += writer.bytes(row.row);
    }
    return batch;
  }

  private void commit(List<Pending<T>> batch) {
    for (int attempt = 0; ; attempt++) {
      List<Pending<T>> wanted = wanted(batch);
      if (wanted.isEmpty()) {
        return;
      }
      try {
        write(wanted);
        return;
      } catch (RuntimeException e) {
        if (Failure.of(e) == Failure.DATA) {
          isolate(wanted, e);
          return;
        }
        meters.retries.increment();
        if (attempt == 0) {
          LOG.warn("Commit of {} rows failed, trying again: {}", wanted.size(), e.getMessage());
        }
        pause(attempt, wanted);
      }
    }
  }

  private void write(List<Pending<T>> batch) {
    long start = System.nanoTime();
    writer.write(batch.stream().map(row -> row.row).toList());
    meters.commits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    meters.rows.record(batch.size());
    batch.forEach(row -> row.complete(null));
  }

  /** Halves the batch until the rows that the database refuses stand alone. */
  private void isolate(List<Pending<T>> batch, RuntimeException error) {
    if (batch.size() == 1) {
      batch.get(0).completeExceptionally(new RejectedRowException(error));
      return;
    }
    int half = batch.size() / 2;
    commit(batch.subList(0, half));
    commit(batch.subList(half, batch.size()));
  }

  private List<Pending<T>> wanted(List<Pending<T>> batch) {
    long now = System.nanoTime();
    return batch.stream().filter(row -> !row.expired(now)).toList();
  }

  /**
   * 1 to 2 ms, doubled with each attempt up to half a second; the jitter keeps lanes from meeting
   * again. Not beyond the moment when nobody waits for these rows any more: those that came after
   * them would wait for nothing.
   */
  private static void pause(int attempt, List<? extends Pending<?>> rows) {
    long pause =
        Math.min(LONGEST_PAUSE, TimeUnit.MILLISECONDS.toNanos(1L << Math.min(attempt, 10)));
    long now = System.nanoTime();
    long left = rows.stream().mapToLong(row -> row.left(now)).max().orElse(0);
    LockSupport.parkNanos(Math.min(left, pause + ThreadLocalRandom.current().nextLong(pause)));
  }
}
