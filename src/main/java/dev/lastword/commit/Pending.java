package dev.lastword.commit;

import java.util.concurrent.CompletableFuture;

/** A row on its way to the database, and the promise to whoever sent it. */
final class Pending<T> extends CompletableFuture<Void> {
  final T row;
  private final long deadline;

  /**
   * @param deadline a value of {@link System#nanoTime()}
   */
  Pending(T row, long deadline) {
    this.row = row;
    this.deadline = deadline;
  }

  /**
   * Breaks the promise if the deadline has passed; says whether nobody waits for this row any more.
   */
  boolean expired(long now) {
    if (now - deadline >= 0) {
      completeExceptionally(new UnavailableException("the database did not answer in time"));
    }
    return isDone();
  }
}
