package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event.
 *
 * @param id of the event; increases in the order of arrival at a node. A string, because JavaScript
 *     cannot represent the number
 * @param eventId by its sender, otherwise assigned by the server
 * @param topic the kind of event
 * @param eventType same as {@code topic}, for clients of other systems
 * @param occurredAt time of the event by its sender, otherwise of its arrival
 * @param timestamp same as {@code occurred_at}
 * @param receivedAt time of its arrival by the clock of the database
 * @param source the sender
 * @param service same as {@code source}
 * @param userId the user
 * @param sessionId the session
 * @param level of a log line, as sent
 * @param value a number to aggregate
 * @param message the log line
 * @param payload all other data from the sender
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
public record LoggedEvent(
    String id,
    String eventId,
    String topic,
    String eventType,
    Instant occurredAt,
    Instant timestamp,
    Instant receivedAt,
    @Nullable String source,
    @Nullable String service,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String level,
    @Nullable BigDecimal value,
    @Nullable String message,
    @Schema(type = "object") @Nullable StoredJson payload)
    implements LogRow {

  static final List<String> COLUMNS =
      List.of(
          "id",
          "event_id",
          "topic",
          "occurred_at",
          "received_at",
          "source",
          "user_id",
          "session_id",
          "level",
          "value",
          "message",
          "payload");

  @Override
  public Cursor cursor() {
    return new Cursor(occurredAt, Long.parseLong(id));
  }

  @Override
  public List<@Nullable Object> cells() {
    return Arrays.asList(
        Long.parseLong(id),
        eventId,
        topic,
        occurredAt,
        receivedAt,
        source,
        userId,
        sessionId,
        level,
        value,
        message,
        payload);
  }
}
