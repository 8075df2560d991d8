package dev.lastword.commit;

import java.util.concurrent.CompletableFuture;

/** A row on its way to the database, and the future that its sender waits for. */
final class Pending<T> extends CompletableFuture<Void> {
  final T row;
  final int bytes;
  private final long deadline;

  /**
   * @param bytes that the row adds to the statement at most
   * @param deadline a value of {@link System#nanoTime()}
   */
  Pending(T row, int bytes, long deadline) {
    this.row = row;
    this.bytes = bytes;
    this.deadline = deadline;
  }

  /** Returns the nanoseconds until the deadline; negative if it has passed. */
  long left(long now) {
    return deadline - now;
  }

  /**
   * Fails the future if the deadline has passed.
   *
   * @return whether nothing waits for this row any more
   */
  boolean expired(long now) {
    if (left(now) <= 0) {
      completeExceptionally(new UnavailableException("the database did not answer in time"));
    }
    return isDone();
  }
}
