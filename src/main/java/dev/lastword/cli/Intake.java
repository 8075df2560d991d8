package dev.lastword.cli;

import dev.lastword.http.Problem.Rejection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Where imported rows go. */
interface Intake {

  /** What became of the rows of a batch; those that are unconfirmed have to be given again. */
  record Taken(int accepted, int duplicates, List<Rejection> rejected, int unconfirmed) {}

  /**
   * Takes lines of one JSON object each.
   *
   * @param missingIds gives an id to the row at a place that has none
   */
  CompletableFuture<Taken> take(byte[] lines, IntFunction<String> missingIds);
}
