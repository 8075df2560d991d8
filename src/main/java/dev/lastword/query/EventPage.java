package dev.lastword.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of events.
 *
 * @param status {@code success}
 * @param count number of events in this response
 * @param items the events, unless {@code offset} was given
 * @param events the events, if {@code offset} was given, as clients of other systems expect
 * @param nextCursor the {@code cursor} of the next page, null on the last page
 * @param lookedBackTo the time at which a scan of the log reached its limit before the page was
 *     full; the cursor continues from there. Otherwise null
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record EventPage(
    String status,
    int count,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<LoggedEvent> items,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<LoggedEvent> events,
    @Nullable String nextCursor,
    @Nullable Instant lookedBackTo) {

  /** Returns a page without its events, see {@link LogResponses.Envelope}. */
  static EventPage around(int tenantId, int count, LogReader.End end, boolean byOffset) {
    List<LoggedEvent> none = List.of();
    return new EventPage(
        "success",
        count,
        byOffset ? null : none,
        byOffset ? none : null,
        end.nextCursor(tenantId),
        end.lookedBackTo());
  }
}
