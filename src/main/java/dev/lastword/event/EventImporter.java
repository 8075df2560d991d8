package dev.lastword.event;

import dev.lastword.access.KeyRestrictions;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.InvalidBodyException;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Imports events. */
@Singleton
public class EventImporter {
  private final EventReader reader;
  private final EventIngester ingester;

  EventImporter(EventReader reader, EventIngester ingester) {
    this.reader = reader;
    this.ingester = ingester;
  }

  /**
   * Ingests lines of one JSON object each.
   *
   * @param lines up to 10,000, none of them blank
   * @param missingIds returns the id for the event of a line that has none
   * @param exported whether {@code export} wrote them
   */
  public CompletableFuture<IngestOutcome> take(
      int tenantId, byte[] lines, IntFunction<String> missingIds, boolean exported) {
    IngestEndpoint endpoint = exported ? IngestEndpoint.EXPORT : IngestEndpoint.EVENTS;
    try {
      return ingester
          .ingest(
              reader
                  .read(endpoint, tenantId, KeyRestrictions.NONE, lines, true, missingIds)
                  .batch(),
              "import")
          .thenApply(IngestResult::outcome);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
