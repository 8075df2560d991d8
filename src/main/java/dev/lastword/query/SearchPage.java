package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the searches that were asked for.
 *
 * @param items newest first
 * @param nextCursor what to send as {@code cursor} for those that follow, null on the last page
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchPage(List<LoggedSearch> items, @Nullable String nextCursor) {

  /** A page of at most {@code size}, from one search more than that if there are more. */
  static SearchPage of(List<LoggedSearch> found, int size) {
    if (found.size() <= size) {
      return new SearchPage(found, null);
    }
    List<LoggedSearch> items = found.subList(0, size);
    return new SearchPage(items, Cursor.of(items.get(size - 1)).encode());
  }
}
