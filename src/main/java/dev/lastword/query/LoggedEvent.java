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
 * An event that happened.
 *
 * @param id names it; rises in the order of arrival at a node. Digits in a string, since it exceeds
 *     the whole numbers of JavaScript
 * @param eventId by its sender, else given by the server
 * @param topic what kind of thing happened
 * @param eventType the topic once more, for clients of other systems
 * @param occurredAt when, by its sender; else when it arrived
 * @param timestamp the same once more
 * @param receivedAt when it arrived, by the clock of the database
 * @param source what sent it
 * @param service the source once more
 * @param userId whose it is
 * @param sessionId the visit that it belongs to
 * @param level of a line of a log, as sent
 * @param value a number that can be added up
 * @param message the line of a log
 * @param payload what the sender said beyond that
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
  public Cursor place() {
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
