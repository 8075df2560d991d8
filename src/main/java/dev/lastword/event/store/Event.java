package dev.lastword.event.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code event_log}. Texts fit their columns, and have no blanks at their ends, except for
 * message and payload.
 *
 * @param id of the row, assigned on arrival; increases on a node
 * @param occurredAt by the sender, in UTC and milliseconds; null if the sender gave none
 * @param value at most 21 digits before the decimal point and 9 after it
 * @param payload JSON
 */
public record Event(
    EventKey key,
    long id,
    @Nullable LocalDateTime occurredAt,
    @Nullable String source,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String level,
    @Nullable BigDecimal value,
    @Nullable String message,
    @Nullable String payload) {

  /** Returns the same event with another id. */
  Event withId(long newId) {
    return new Event(
        key, newId, occurredAt, source, userId, sessionId, level, value, message, payload);
  }

  /**
   * Returns the CRC-32C of its content, without key and time, which a sender may set anew for a
   * repeat.
   */
  long content() {
    CRC32C hash = new CRC32C();
    add(hash, source);
    add(hash, userId);
    add(hash, sessionId);
    add(hash, level);
    add(hash, value == null ? null : value.toString());
    add(hash, message);
    add(hash, payload);
    return hash.getValue();
  }

  /** Returns an upper estimate of the bytes that it adds to the statements. */
  int bytes() {
    return 600 + 4 * length(message) + 4 * length(payload);
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private static void add(CRC32C hash, @Nullable String text) {
    if (text != null) {
      hash.update(text.getBytes(StandardCharsets.UTF_8));
    }
    hash.update(0);
  }
}
