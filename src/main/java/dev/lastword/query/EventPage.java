package dev.lastword.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the events that were asked for, newest first.
 *
 * @param status {@code success}
 * @param count how many are in this answer
 * @param items the events, unless {@code offset} was given
 * @param events the events, if {@code offset} was given, as clients of other systems expect
 * @param nextCursor what to send as {@code cursor} for those that follow, null on the last page
 * @param lookedBackTo where a search through the log reached its bound, with fewer events than
 *     asked for; the cursor continues from there. Otherwise null
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record EventPage(
    String status,
    int count,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<LoggedEvent> items,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<LoggedEvent> events,
    @Nullable String nextCursor,
    @Nullable Instant lookedBackTo) {

  /** Returns a page that lacks its events, see {@link LogResponses.Envelope}. */
  static EventPage around(int count, LogReader.End end, boolean byOffset) {
    List<LoggedEvent> none = List.of();
    return new EventPage(
        "success",
        count,
        byOffset ? null : none,
        byOffset ? none : null,
        end.nextCursor(),
        end.lookedBackTo());
  }
}
