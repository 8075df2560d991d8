package dev.lastword.event.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as it goes into {@code event_log}. Texts fit their columns, and none has
 * blanks at its ends but the message and the payload.
 *
 * @param id of the row, given on arrival; rises on a node
 * @param occurredAt by the sender, in UTC and milliseconds; null if it sent none
 * @param value at most 21 digits before the point and 9 behind it
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

  /** Returns the same event under another id. */
  Event withId(long newId) {
    return new Event(
        key, newId, occurredAt, source, userId, sessionId, level, value, message, payload);
  }

  /**
   * CRC-32C of what it says, without its key and its time, which a sender may set anew when it
   * repeats itself.
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

  /** About how many bytes it adds to the statements, at the most. */
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
