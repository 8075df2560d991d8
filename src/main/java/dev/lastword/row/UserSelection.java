package dev.lastword.row;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a user that are to be erased.
 *
 * @param from null for no limit
 * @param to exclusive; null for no limit
 * @param until what was stored later is not selected
 */
public record UserSelection(
    int tenantId,
    String userId,
    @Nullable LocalDateTime from,
    @Nullable LocalDateTime to,
    LocalDateTime until) {

  private static final LocalDateTime EARLIEST = LocalDateTime.of(1970, 1, 1, 0, 0);
  private static final LocalDateTime LATEST = LocalDateTime.of(9999, 12, 31, 0, 0);

  /** Returns whether all times up to {@code until} are selected. */
  public boolean isOfAllTimes() {
    return from == null && to == null;
  }

  /** Returns the first selected time. */
  public LocalDateTime start() {
    return from == null ? EARLIEST : from;
  }

  /** Returns the end of the selected times, exclusive. */
  public LocalDateTime end() {
    return to == null ? LATEST : to;
  }

  /** Returns whether a row is selected that happened and was stored at the same time. */
  public boolean covers(LocalDateTime time) {
    return !time.isBefore(start()) && time.isBefore(end()) && !time.isAfter(until);
  }
}
