package dev.lastword.event;

import dev.lastword.event.store.EventKey;
import dev.lastword.event.store.PendingEvent;
import dev.lastword.http.Problem.Rejection;
import dev.lastword.row.Timestamps;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The problem that events were stored before, for requests with {@code on_duplicate=conflict}.
 *
 * @param title the reason phrase of the status
 * @param status the HTTP status code
 * @param detail what was wrong
 * @param accepted number of events that are new and committed
 * @param duplicates the events that were stored before
 * @param rejected the events that are not valid
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record ConflictProblem(
    String title,
    int status,
    String detail,
    int accepted,
    List<Duplicate> duplicates,
    List<Rejection> rejected) {

  /**
   * An event that was stored before.
   *
   * @param index its position in the request, from 0
   * @param id of the first event; a string, because JavaScript cannot represent the number. Null
   *     for senders that may not read
   * @param occurredAt of the first event, likewise
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Duplicate(
      int index, String topic, String eventId, @Nullable String id, @Nullable Instant occurredAt) {

    static Duplicate of(PendingEvent pending, boolean canRead) {
      EventKey.Stored first = Objects.requireNonNull(pending.first());
      return new Duplicate(
          pending.index(),
          first.key().topic(),
          first.key().eventId(),
          canRead ? Long.toString(first.id()) : null,
          canRead ? Timestamps.fromDatabase(first.occurredAt()) : null);
    }
  }

  /**
   * @param canRead whether the sender may know more of the first events than it sent itself
   */
  static ConflictProblem of(IngestResult result, boolean canRead) {
    List<Duplicate> duplicates =
        result.duplicates().stream().map(event -> Duplicate.of(event, canRead)).toList();
    Duplicate first = duplicates.get(0);
    return new ConflictProblem(
        HttpStatus.CONFLICT.getReason(),
        HttpStatus.CONFLICT.getCode(),
        "Event '%s' of topic '%s' is already stored%s."
            .formatted(
                first.eventId(),
                first.topic(),
                canRead
                    ? " as %s and occurred at %s".formatted(first.id(), first.occurredAt())
                    : ""),
        result.accepted(),
        duplicates,
        result.rejected());
  }
}
