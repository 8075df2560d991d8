package dev.lastword.event;

import dev.lastword.access.KeyRestrictions;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.redaction.PayloadRedaction;
import dev.lastword.row.RowIds;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads events from the body of a request, and assigns their ids. */
@Singleton
class EventReader {
  private static final JsonRows ROWS = new JsonRows("an event");

  private final Clock clock;
  private final RowIds ids;
  private final PayloadRedaction redaction;

  EventReader(Clock clock, @Named("events") RowIds ids, PayloadRedaction redaction) {
    this.clock = clock;
    this.ids = ids;
    this.redaction = redaction;
  }

  /**
   * The events of a body.
   *
   * @param single whether it is a single event and not a batch of one
   */
  record Read(EventBatch batch, boolean single) {}

  /**
   * Reads the body.
   *
   * @param restrictions of the sender's key
   * @param lines whether it is NDJSON
   * @param missingIds returns the id for the event at a position of the request that has none; null
   *     for random ids
   * @throws InvalidBodyException if the body is not valid as a whole
   */
  Read read(
      IngestEndpoint endpoint,
      int tenantId,
      KeyRestrictions restrictions,
      byte[] body,
      boolean lines,
      @Nullable IntFunction<String> missingIds)
      throws InvalidBodyException {
    EventBatch batch =
        new EventBatch(
            endpoint,
            tenantId,
            restrictions,
            clock.instant(),
            ids,
            redaction,
            missingIds == null ? index -> randomId(clock.millis()) : missingIds);
    if (lines) {
      ROWS.readLines(body, batch);
      return new Read(batch, false);
    }
    return new Read(batch, ROWS.readJson(body, batch));
  }

  /** Returns a UUID of version 7: milliseconds first, the rest random. */
  private static String randomId(long millis) {
    UUID random = UUID.randomUUID();
    return new UUID(
            millis << 16 | 0x7000 | (random.getMostSignificantBits() & 0xFFF),
            random.getLeastSignificantBits())
        .toString();
  }
}
