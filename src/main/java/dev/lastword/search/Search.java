package dev.lastword.search;

import dev.lastword.row.RowKey;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A finished text, a row of {@code search_log}.
 *
 * @param id 0 until it is logged
 * @param folded the keyword without letter case
 * @param keystrokes number of keystrokes that it took
 * @param typedAt its last keystroke by the clock of the client, null if the client sends none
 * @param searchedAt its last keystroke by the clock of the database
 */
record Search(
    long id,
    SessionKey key,
    @Nullable String userId,
    String keyword,
    String folded,
    boolean submitted,
    int keystrokes,
    @Nullable LocalDateTime typedAt,
    LocalDateTime searchedAt) {

  /** Returns its row of {@code search_log}. */
  RowKey rowKey() {
    return new RowKey(key.bucket(), id);
  }

  boolean isSameTextAs(Search other) {
    return folded.equals(other.folded);
  }

  boolean isBeginningOf(Search other) {
    return other.folded.length() > folded.length() && other.folded.startsWith(folded);
  }

  /** Returns this search with the keystrokes and the flag of an earlier search of the same text. */
  Search absorb(Search earlier) {
    return with(id, submitted || earlier.submitted, keystrokes + earlier.keystrokes);
  }

  Search withId(long newId) {
    return with(newId, submitted, keystrokes);
  }

  private Search with(long newId, boolean newSubmitted, int newKeystrokes) {
    return new Search(
        newId, key, userId, keyword, folded, newSubmitted, newKeystrokes, typedAt, searchedAt);
  }
}
