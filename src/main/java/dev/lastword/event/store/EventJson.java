package dev.lastword.event.store;

import org.jspecify.annotations.Nullable;

/** Writes an event as JSON for {@code POST /events}. */
final class EventJson {

  private EventJson() {}

  static String of(Event event) {
    StringBuilder json = new StringBuilder("{");
    text(json, "topic", event.key().topic());
    text(json, "event_id", event.key().eventId());
    text(json, "occurred_at", event.occurredAt() == null ? null : event.occurredAt() + "Z");
    text(json, "source", event.source());
    text(json, "user_id", event.userId());
    text(json, "session_id", event.sessionId());
    text(json, "level", event.level());
    raw(json, "value", event.value() == null ? null : event.value().toPlainString());
    text(json, "message", event.message());
    raw(json, "payload", event.payload());
    return json.append('}').toString();
  }

  private static void text(StringBuilder json, String name, @Nullable String text) {
    if (text != null) {
      StringBuilder quoted = new StringBuilder();
      JsonText.quote(text, quoted);
      raw(json, name, quoted.toString());
    }
  }

  private static void raw(StringBuilder json, String name, @Nullable String value) {
    if (value != null) {
      json.append(json.length() == 1 ? "\"" : ",\"").append(name).append("\":").append(value);
    }
  }
}
