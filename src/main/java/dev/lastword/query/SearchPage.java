package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the searches that were asked for.
 *
 * @param items newest first
 * @param nextCursor what to send as {@code cursor} for those that follow, null on the last page
 * @param lookedBackTo where a search through the log reached its bound, with fewer rows than asked
 *     for; the cursor continues from there. Otherwise null
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchPage(
    List<LoggedSearch> items, @Nullable String nextCursor, @Nullable Instant lookedBackTo) {

  /** Returns a page that lacks its searches, see {@link LogResponses.Envelope}. */
  static SearchPage around(LogReader.End end) {
    return new SearchPage(List.of(), end.nextCursor(), end.lookedBackTo());
  }
}
