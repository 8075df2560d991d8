package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of searches.
 *
 * @param items in the order that was asked for
 * @param nextCursor the {@code cursor} of the next page, null on the last page
 * @param lookedBackTo the time at which a scan of the log reached its limit before the page was
 *     full; the cursor continues from there. Otherwise null
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchPage(
    List<LoggedSearch> items, @Nullable String nextCursor, @Nullable Instant lookedBackTo) {

  /** Returns a page without its searches, see {@link LogResponses.Envelope}. */
  static SearchPage around(int tenantId, LogReader.End end) {
    return new SearchPage(List.of(), end.nextCursor(tenantId), end.lookedBackTo());
  }
}
