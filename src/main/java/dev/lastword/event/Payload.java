package dev.lastword.event;

import com.fasterxml.jackson.core.JsonParser;
import dev.lastword.event.store.JsonText;
import dev.lastword.row.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payload of an event, and its unknown fields. */
final class Payload {
  private @Nullable String payload;
  private final List<String> names = new ArrayList<>(8);
  private @Nullable Map<String, String> extra;
  private int extraLength;

  /**
   * Reads the payload from the parser.
   *
   * @return the reason why it cannot be stored, null if it can
   */
  @Nullable String set(JsonParser parser) throws IOException {
    StringBuilder json = new StringBuilder();
    names.clear();
    String problem = JsonText.copy(parser, json, names);
    payload = json.toString();
    return problem;
  }

  boolean isSet() {
    return payload != null;
  }

  /**
   * Reads an unknown field from the parser.
   *
   * @return the reason why it cannot be stored, null if it can
   */
  @Nullable String add(String field, JsonParser parser) throws IOException {
    if (extraLength > JsonText.MAX_LENGTH) {
      return null; // too large already; check() reports it
    }
    StringBuilder json = new StringBuilder();
    String problem = JsonText.copy(parser, json, null);
    put(field, json.toString());
    return problem;
  }

  /** Adds a text under its name. */
  void add(String field, String text) {
    StringBuilder json = new StringBuilder();
    JsonText.quote(text, json);
    put(field, json.toString());
  }

  /**
   * Returns one JSON value with the fields of the payload and the unknown fields; if the payload is
   * not an object, it becomes the field {@code payload}.
   *
   * @return null if there is nothing
   */
  @Nullable String json() {
    if (extra == null) {
      return payload == null ? null : Text.replaceSurrogates(payload);
    }
    boolean isObject = payload != null && payload.startsWith("{");
    StringBuilder json = new StringBuilder("{");
    if (payload != null) {
      json.append(isObject ? payload.substring(1, payload.length() - 1) : "\"payload\":" + payload);
    }
    for (Map.Entry<String, String> field : extra.entrySet()) {
      if (!(isObject
          ? names.contains(field.getKey())
          : payload != null && field.getKey().equals("payload"))) {
        if (json.length() > 1) {
          json.append(',');
        }
        JsonText.quote(field.getKey(), json);
        json.append(':').append(field.getValue());
      }
    }
    return Text.replaceSurrogates(json.append('}').toString());
  }

  private void put(String field, String json) {
    if (extra == null) {
      extra = new LinkedHashMap<>();
    }
    extra.put(field, json);
    extraLength += field.length() + json.length();
  }
}
