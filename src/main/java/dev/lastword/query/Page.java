package dev.lastword.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows that were asked for.
 *
 * @param items newest first
 * @param next where those begin that were not looked at, null where all were
 * @param halted the look was ended by its bound, before there were as many as asked for
 */
record Page<T extends Logged>(List<T> items, @Nullable Cursor next, boolean halted) {

  @Nullable String nextCursor() {
    return next == null ? null : next.encode();
  }

  /** How far a look went that was ended by its bound. */
  @Nullable Instant lookedBackTo() {
    return halted && next != null ? next.moment() : null;
  }
}
