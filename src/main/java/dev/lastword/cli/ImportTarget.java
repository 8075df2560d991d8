package dev.lastword.cli;

import dev.lastword.http.IngestOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Where imported rows go. */
interface ImportTarget {

  /**
   * Takes lines of one JSON object each.
   *
   * @param missingIds gives an id to the row at a place that has none
   */
  CompletableFuture<IngestOutcome> take(byte[] lines, IntFunction<String> missingIds);
}
