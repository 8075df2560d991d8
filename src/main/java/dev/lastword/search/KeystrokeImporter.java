package dev.lastword.search;

import dev.lastword.http.IngestOutcome;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** Imports keystrokes, which may be of any time. */
@Singleton
public class KeystrokeImporter {
  private static final JsonRows ROWS = new JsonRows("a keystroke");

  private final Clock clock;
  private final KeystrokeIngester ingester;

  KeystrokeImporter(Clock clock, KeystrokeIngester ingester) {
    this.clock = clock;
    this.ingester = ingester;
  }

  /**
   * Stages lines of one JSON object each; those of a session in their order.
   *
   * @param lines up to 1,000, none of them blank
   */
  public CompletableFuture<IngestOutcome> take(int tenantId, byte[] lines) {
    KeystrokeBatch batch = new KeystrokeBatch(tenantId, clock.instant(), ClientTime.EVER);
    try {
      ROWS.readLines(lines, batch);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException(e);
    }
    return ingester.ingest(batch);
  }
}
