package dev.lastword.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lastword.event.store.Event;
import dev.lastword.event.store.EventKey;
import dev.lastword.event.store.JsonText;
import dev.lastword.http.JsonRows;
import dev.lastword.redaction.PayloadRedaction;
import dev.lastword.row.Text;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was sent, and the reason why it is not valid.
 *
 * <p>If a value has several names, the field's own name takes precedence, then the first one. The
 * other values and all unknown fields become part of the payload. Nothing is truncated: a value
 * that is too long rejects the row.
 */
final class EventRow implements JsonRows.Row {
  static final int MAX_NAME = 255;
  static final int MAX_LEVEL = 32;
  static final int MAX_MESSAGE = 16_000;

  private final IngestEndpoint endpoint;
  private final AliasedField id = new AliasedField();
  private final AliasedField topic = new AliasedField();
  private final AliasedField time = new AliasedField();
  private final AliasedField source = new AliasedField();
  private final AliasedField number = new AliasedField();
  private final Payload payload = new Payload();
  private @Nullable String userId;
  private @Nullable String sessionId;
  private @Nullable String level;
  private @Nullable String message;
  private @Nullable LocalDateTime occurredAt;
  private @Nullable BigDecimal value;
  private @Nullable String json;
  private @Nullable String problem;

  EventRow(IngestEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public void set(String field, JsonParser parser, JsonToken token) throws IOException {
    if (!endpoint.ignored.contains(field)) {
      take(field, parser, token);
    }
    parser.skipChildren();
  }

  @Override
  public void refuse(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /**
   * Checks and normalises the values.
   *
   * @return the reason why they are not valid, null if they are
   */
  @Nullable String check(int tenantId, Instant now, PayloadRedaction redaction) {
    name("event_id", id.value(), MAX_NAME);
    name("topic", topic.value(), MAX_NAME);
    name("source", source.value(), MAX_NAME);
    name("user_id", userId, MAX_NAME);
    name("session_id", sessionId, MAX_NAME);
    name("level", level, MAX_LEVEL);
    if (message != null && Text.length(message) > MAX_MESSAGE) {
      refuse("message must be at most %d characters".formatted(MAX_MESSAGE));
    }
    json = problem == null ? redaction.redact(tenantId, payload.json()) : payload.json();
    if (json != null && json.length() > JsonText.MAX_LENGTH) {
      refuse(
          "payload must be at most %d characters, including unknown fields"
              .formatted(JsonText.MAX_LENGTH));
    }
    refuseUnless(
        Text.strip(topic.value()) != null
            || message != null && !message.isEmpty()
            || Text.strip(number.value()) != null
            || json != null,
        "an event must have a topic, a message, a value or a payload");
    String at = Text.strip(time.value());
    if (at != null) {
      occurredAt = EventTime.read(at, now);
      refuseUnless(occurredAt != null, "occurred_at " + EventTime.RULE);
    }
    String figures = Text.strip(number.value());
    if (figures != null) {
      value = EventValue.read(figures);
      refuseUnless(value != null, "value " + EventValue.RULE);
    }
    return problem;
  }

  /** Returns the topic that it counts under, even if it is not valid. */
  String topic() {
    String given = Text.strip(topic.value());
    return given == null || !Text.isName(given, MAX_NAME) ? endpoint.topic : given;
  }

  /** Returns the sender's id, null if there is none. */
  @Nullable String eventId() {
    return Text.strip(id.value());
  }

  /**
   * Returns whether its id is from {@code request_id}; then a duplicate is a conflict by default.
   */
  boolean isRequest() {
    return id.cameAs("request_id");
  }

  /** Returns the event of a valid row; after {@link #check}. */
  Event event(int tenantId, String eventId, long rowId) {
    return new Event(
        EventKey.of(tenantId, topic(), eventId),
        rowId,
        occurredAt,
        Text.strip(source.value()),
        Text.strip(userId),
        Text.strip(sessionId),
        Text.strip(level),
        value,
        message == null || message.isEmpty() ? null : Text.replaceSurrogates(message),
        json);
  }

  private void take(String field, JsonParser parser, JsonToken token) throws IOException {
    switch (field) {
      case "event_id" -> own(id, field, parser, token);
      case "request_id" -> {
        if (endpoint.requestIsEvent) {
          other(id, field, parser, token);
        } else {
          unknown(field, parser);
        }
      }
      case "message_id" -> other(id, field, parser, token);
      case "topic" -> own(topic, field, parser, token);
      case "event_type", "event" -> other(topic, field, parser, token);
      case "occurred_at" -> own(time, field, parser, token);
      case "timestamp" -> other(time, field, parser, token);
      case "source" -> own(source, field, parser, token);
      case "service" -> other(source, field, parser, token);
      case "value" -> own(number, field, parser, token);
      case "word_count" -> other(number, field, parser, token);
      case "user_id" -> userId = text(field, parser, token);
      case "session_id" -> sessionId = text(field, parser, token);
      case "level" -> level = text(field, parser, token);
      case "message" -> {
        if (token == JsonToken.VALUE_STRING) {
          message = parser.getText();
        } else if (token != JsonToken.VALUE_NULL) {
          unknown(field, parser);
        }
      }
      case "payload", "properties" -> {
        if (payload.isSet()) {
          unknown(field, parser);
        } else if (token != JsonToken.VALUE_NULL) {
          refuseIf(field, payload.set(parser));
        }
      }
      default -> unknown(field, parser);
    }
  }

  private void own(AliasedField alias, String field, JsonParser parser, JsonToken token)
      throws IOException {
    keep(alias, field, true, text(field, parser, token));
  }

  /** Reads an alias. An object or array is not the value, and goes to the payload. */
  private void other(AliasedField alias, String field, JsonParser parser, JsonToken token)
      throws IOException {
    if (token.isStructStart()) {
      unknown(field, parser);
    } else {
      keep(alias, field, false, text(field, parser, token));
    }
  }

  private void keep(AliasedField alias, String field, boolean own, @Nullable String text) {
    if (text != null) {
      AliasedField.Left left = alias.set(field, own, text);
      if (left != null) {
        payload.add(left.name(), left.value());
      }
    }
  }

  private void unknown(String field, JsonParser parser) throws IOException {
    refuseIf(field, payload.add(field, parser));
  }

  /** Reads a text or a number as text, because many clients have numeric ids. */
  private @Nullable String text(String field, JsonParser parser, JsonToken token)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      return parser.getText();
    }
    refuse(field + " must be a string or a number");
    return null;
  }

  private void name(String field, @Nullable String text, int max) {
    String stripped = Text.strip(text);
    refuseUnless(
        stripped == null || Text.isName(stripped, max),
        "%s must be at most %d characters without control characters".formatted(field, max));
  }

  private void refuseIf(String field, @Nullable String reason) {
    if (reason != null) {
      refuse(field + " " + reason);
    }
  }

  private void refuseUnless(boolean good, String reason) {
    if (!good) {
      refuse(reason);
    }
  }
}
