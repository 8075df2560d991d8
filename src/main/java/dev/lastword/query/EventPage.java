package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the events that were asked for.
 *
 * @param status {@code success}
 * @param count how many are in this answer
 * @param items newest first
 * @param events the same once more, for clients of other systems
 * @param nextCursor what to send as {@code cursor} for those that follow, null on the last page
 * @param lookedBackTo where a look through the log was ended by its bound, with fewer events than
 *     asked for; the cursor goes on from there. Null where it was not
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record EventPage(
    String status,
    int count,
    List<LoggedEvent> items,
    List<LoggedEvent> events,
    @Nullable String nextCursor,
    @Nullable Instant lookedBackTo) {

  static EventPage of(Page<LoggedEvent> page) {
    List<LoggedEvent> items = page.items();
    return new EventPage(
        "success", items.size(), items, items, page.nextCursor(), page.lookedBackTo());
  }
}
