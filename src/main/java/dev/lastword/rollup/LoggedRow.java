package dev.lastword.rollup;

import dev.lastword.row.RowKey;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a logged search or event that are counted.
 *
 * @param time in UTC
 * @param subject the folded keyword of a search, the topic that counts an event
 * @param keystrokes of a search; 0 for an event
 */
record LoggedRow(
    RowKey key,
    int tenantId,
    LocalDateTime time,
    String subject,
    @Nullable String userId,
    int keystrokes) {

  /** Returns whether neither row is before the other in the order of time and id. */
  boolean isLevelWith(LoggedRow other) {
    return time.equals(other.time) && key.id() == other.key.id();
  }

  LocalDate day() {
    return time.toLocalDate();
  }
}
