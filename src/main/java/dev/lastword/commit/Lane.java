package dev.lastword.commit;

import dev.lastword.database.DatabaseError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer thread and the rows that wait for it.
 *
 * <p>No timer fills a batch: rows that arrive during a commit form the next batch, so a single row
 * is committed at once, and batches grow with the load.
 *
 * <p>Rows that need a key locked by another transaction are set aside, and the rest of the batch is
 * committed. The locks are checked four times a second.
 */
final class Lane<T> implements Runnable {
  static final int CAPACITY = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  // Far below the 16 MiB of MariaDB's max_allowed_packet, so that a batch stays one statement.
  private static final int MAX_BYTES = 1 << 20;
  private static final long LOOK_AT_LOCKS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
  // Failed attempts before a batch is halved ...
  private static final int ATTEMPTS = 3;
  // ... and before a single row fails. Not counted are deadlocks, which pass.
  private static final int ATTEMPTS_ALONE = 6;
  // Others may fill the same rows meanwhile.
  private static final int ATTEMPTS_AT_ROOM = 5;

  /** The meters of all lanes of a group. */
  record Meters(Timer commits, DistributionSummary rows, Counter retries) {}

  private final BatchWriter<T> writer;
  private final Meters meters;
  private final long maxWait;
  private final LinkedBlockingQueue<Pending<T>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final Queue<Pending<T>> aside = new ConcurrentLinkedQueue<>();
  private final Set<Object> locked = new HashSet<>();
  private volatile List<Pending<T>> underWay = List.of();
  private volatile long progress = System.nanoTime();
  private volatile long nanosPerBatch;
  private volatile boolean closed;
  private BatchNumber number;
  private long nextLook;

  /**
   * @param index of the lane on its node, from 0
   * @param maxWait nanoseconds that a row waits for its commit
   */
  Lane(int index, BatchWriter<T> writer, long maxWait, Meters meters) {
    this.number = BatchNumber.first(index);
    this.writer = writer;
    this.maxWait = maxWait;
    this.meters = meters;
  }

  /**
   * Reserves space for rows, for all or for none.
   *
   * @return false if the lane has less space, or if these rows would wait too long behind those in
   *     the queue; an empty lane always has space
   */
  boolean reserve(int rows, long bytes) {
    int before = waiting.get();
    while (!closed
        && (before == 0
            || before + rows <= CAPACITY && isSoon(before + rows, waitingBytes.get() + bytes))) {
      if (waiting.compareAndSet(before, before + rows)) {
        waitingBytes.addAndGet(bytes);
        return true;
      }
      before = waiting.get();
    }
    return false;
  }

  /**
   * Returns whether so many rows are written in time. What counts is the number of batches, because
   * a batch of one row takes hardly less time than one of many if the database is far away. One
   * batch is always tried.
   */
  private boolean isSoon(int rows, long bytes) {
    long batches = Math.max((rows - 1) / BatchSize.MAX_ROWS, (bytes - 1) / MAX_BYTES) + 1;
    return batches == 1 || batches * nanosPerBatch <= maxWait;
  }

  /** Releases space that was reserved and not used. */
  void release(int rows, long bytes) {
    waiting.addAndGet(-rows);
    waitingBytes.addAndGet(-bytes);
  }

  /** Adds a row for which space is reserved. */
  void add(Pending<T> row) {
    queue.add(row);
    if (closed && drop(row)) { // added while the thread checked the queue for the last time
      row.completeExceptionally(stopping());
    }
  }

  boolean isClosed() {
    return closed;
  }

  int waiting() {
    return waiting.get() + aside.size();
  }

  /** Ends the thread after it has written the waiting rows. */
  void close() {
    closed = true;
  }

  /** Fails the rows whose deadline has passed, also while the thread hangs in a statement. */
  void expire(long now) {
    underWay.forEach(row -> row.expired(now));
    aside.forEach(row -> row.expired(now));
    for (Pending<T> head = queue.peek(); head != null && head.expired(now); head = queue.peek()) {
      drop(head);
    }
  }

  /** Returns whether rows wait, and none has been written for longer than a row may wait. */
  boolean isStuck(long now) {
    return !underWay.isEmpty() && now - progress > maxWait;
  }

  @Override
  public void run() {
    try {
      while (!closed || !queue.isEmpty() || !aside.isEmpty()) {
        commitOrFail(next());
        if (!aside.isEmpty() && System.nanoTime() - nextLook >= 0) {
          commitUnlocked();
          nextLook = System.nanoTime() + LOOK_AT_LOCKS;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      for (Pending<T> row = queue.poll(); row != null; row = queue.poll()) {
        release(1, row.bytes);
        row.completeExceptionally(stopping());
      }
      aside.forEach(row -> row.completeExceptionally(stopping()));
    }
  }

  private List<Pending<T>> next() throws InterruptedException {
    // The timeout only serves to check whether the lane was closed.
    Pending<T> first = queue.poll(100, TimeUnit.MILLISECONDS);
    if (first == null) {
      return List.of();
    }
    List<Pending<T>> batch = batch(first, BatchSize.of(1 + queue.size()), queue);
    release(batch.size(), batch.stream().mapToLong(row -> row.bytes).sum());
    return batch;
  }

  private List<Pending<T>> batch(Pending<T> first, int size, Queue<Pending<T>> others) {
    List<Pending<T>> batch = new ArrayList<>(size);
    batch.add(first);
    int bytes = first.bytes;
    Pending<T> row;
    while (batch.size() < size && bytes < MAX_BYTES && (row = others.poll()) != null) {
      batch.add(row);
      bytes += row.bytes;
    }
    return batch;
  }

  /**
   * Commits a batch. Whatever is thrown, even an error of the virtual machine, the lane continues
   * with the next rows.
   */
  private void commitOrFail(List<Pending<T>> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    progress = start;
    underWay = batch;
    try {
      for (List<Pending<T>> part : parts(locked.isEmpty() ? batch : setAside(batch))) {
        commit(part);
      }
    } catch (Throwable e) {
      batch.forEach(row -> row.completeExceptionally(new UnavailableException("the node failed")));
      LOG.error("{} rows were not committed", batch.size(), e);
    }
    underWay = List.of();
    nanosPerBatch = (7 * nanosPerBatch + System.nanoTime() - start) / 8;
  }

  /**
   * Divides a batch so that none of the parts needs a key too often. Rows of a key keep their
   * order.
   */
  private List<List<Pending<T>>> parts(List<Pending<T>> batch) {
    int most = writer.maxRowsPerKey();
    if (batch.size() <= most) {
      return List.of(batch);
    }
    Map<Object, Integer> needed = new HashMap<>();
    List<List<Pending<T>>> parts = new ArrayList<>();
    for (Pending<T> row : batch) {
      int before = 0;
      for (Object key : writer.keys(row.row)) {
        before = Math.max(before, needed.merge(key, 1, Integer::sum) - 1);
      }
      int part = before / most;
      while (parts.size() <= part) {
        parts.add(new ArrayList<>());
      }
      parts.get(part).add(row);
    }
    return parts;
  }

  /** Sets aside the rows that need a locked key, and returns the others. */
  private List<Pending<T>> setAside(List<Pending<T>> batch) {
    List<Pending<T>> others = new ArrayList<>(batch.size());
    for (Pending<T> row : batch) {
      if (Collections.disjoint(locked, writer.keys(row.row))) {
        others.add(row);
      } else if (aside.size() < CAPACITY) {
        aside.add(row);
      } else {
        row.completeExceptionally(new UnavailableException("too much waits for a lock"));
      }
    }
    return others;
  }

  /** Finds the locked keys of a batch, and sets aside the rows that need them. */
  private List<Pending<T>> setAsideLocked(List<Pending<T>> batch) {
    Set<Object> keys = new HashSet<>();
    batch.forEach(row -> keys.addAll(writer.keys(row.row)));
    try {
      locked.addAll(writer.locked(keys));
    } catch (RuntimeException e) {
      LOG.debug("Lock check failed", e);
      return batch;
    }
    return setAside(batch);
  }

  /** Commits the rows set aside whose keys are no longer locked. */
  private void commitUnlocked() {
    try {
      locked.retainAll(writer.locked(Set.copyOf(locked)));
    } catch (RuntimeException e) {
      LOG.debug("Lock check failed", e);
      return;
    }
    Queue<Pending<T>> free = new ArrayDeque<>();
    aside.removeIf(
        row -> row.isDone() || Collections.disjoint(locked, writer.keys(row.row)) && free.add(row));
    for (Pending<T> row = free.poll(); row != null; row = free.poll()) {
      commitOrFail(batch(row, BatchSize.of(1 + free.size()), free));
    }
  }

  private void commit(List<Pending<T>> batch) {
    DatabaseError unsettled = null;
    int failed = 0;
    int atRoom = 0;
    int limit = batch.size() > 1 ? ATTEMPTS : ATTEMPTS_ALONE;
    for (int attempt = 0; ; attempt++) {
      List<Pending<T>> wanted = wanted(batch);
      if (wanted.isEmpty()) {
        return;
      }
      try {
        if (unsettled != null) {
          if (writer.settle(number)) {
            complete(batch);
            return;
          }
          // The database answers, but the batch is not committed.
          failed += batch.size() == 1 && unsettled == DatabaseError.CONFLICT ? 0 : 1;
          unsettled = null;
        }
        if (failed >= limit) {
          halve(wanted, new UnavailableException("the database does not take it at the moment"));
          return;
        }
        write(wanted);
        return;
      } catch (RuntimeException e) {
        if (unsettled == null) {
          unsettled = DatabaseError.of(e);
          if (unsettled == DatabaseError.DATA) {
            RuntimeException reason = new RejectedRowException(e);
            try {
              if (atRoom++ < ATTEMPTS_AT_ROOM && makeRoom(wanted, e)) {
                unsettled = null;
                continue;
              }
            } catch (RuntimeException failure) {
              LOG.warn("Making room for {} rows failed: {}", wanted.size(), failure.getMessage());
              reason = new UnavailableException("the database makes no room at the moment");
            }
            halve(wanted, reason);
            return;
          }
          var free = DatabaseError.isLockWaitTimeout(e) ? setAsideLocked(wanted) : wanted;
          if (free.size() < wanted.size()) {
            batch = free;
            unsettled = null;
            continue;
          }
        }
        meters.retries.increment();
        if (attempt == 0) {
          LOG.warn("Commit of {} rows failed, will retry: {}", wanted.size(), e.getMessage());
        }
        pause(attempt, wanted);
      }
    }
  }

  private boolean makeRoom(List<Pending<T>> batch, RuntimeException error) {
    return writer.makeRoom(batch.stream().map(row -> row.row).toList(), error);
  }

  private void write(List<Pending<T>> batch) {
    long start = System.nanoTime();
    number = number.next();
    writer.write(number, batch.stream().map(row -> row.row).toList());
    long took = System.nanoTime() - start;
    meters.commits.record(took, TimeUnit.NANOSECONDS);
    meters.rows.record(batch.size());
    complete(batch);
  }

  private void complete(List<Pending<T>> batch) {
    progress = System.nanoTime();
    batch.forEach(row -> row.complete(null));
  }

  /** Halves a batch that is known not to be committed, until each failing row is alone. */
  private void halve(List<Pending<T>> batch, RuntimeException error) {
    if (batch.size() == 1) {
      progress = System.nanoTime();
      batch.get(0).completeExceptionally(error);
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

  private boolean drop(Pending<T> row) {
    boolean dropped = queue.remove(row);
    if (dropped) {
      release(1, row.bytes);
    }
    return dropped;
  }

  private static UnavailableException stopping() {
    return new UnavailableException("the node stops");
  }

  /**
   * Sleeps for 1 to 2 ms, doubled with each attempt up to half a second; the jitter keeps lanes
   * from colliding again. Sleeps no longer than to the deadline of the rows, because later rows
   * wait, too.
   */
  private static void pause(int attempt, List<? extends Pending<?>> rows) {
    long pause =
        Math.min(LONGEST_PAUSE, TimeUnit.MILLISECONDS.toNanos(1L << Math.min(attempt, 10)));
    long now = System.nanoTime();
    long left = rows.stream().mapToLong(row -> row.left(now)).max().orElse(0);
    LockSupport.parkNanos(Math.min(left, pause + ThreadLocalRandom.current().nextLong(pause)));
  }
}
