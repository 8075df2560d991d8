package dev.lastword.cli;

import dev.lastword.http.IngestOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** The target of imported rows. */
interface ImportTarget {

  /**
   * Ingests lines of one JSON object each.
   *
   * @param missingIds returns the id for the row at a position that has none
   */
  CompletableFuture<IngestOutcome> take(byte[] lines, IntFunction<String> missingIds);
}
