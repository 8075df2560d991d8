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
 * @param lookedBackTo where a look through the log was ended by its bound, with fewer searches than
 *     asked for; the cursor goes on from there. Null where it was not
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchPage(
    List<LoggedSearch> items, @Nullable String nextCursor, @Nullable Instant lookedBackTo) {

  static SearchPage of(Page<LoggedSearch> page) {
    return new SearchPage(page.items(), page.nextCursor(), page.lookedBackTo());
  }
}
