package dev.lastword.search;

import dev.lastword.row.RowKey;
import java.time.Duration;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A finished text, a row of {@code search_log}.
 *
 * @param id 0 until it is logged
 * @param folded the keyword without letter case
 * @param keystrokes number of keystrokes that it took
 * @param typedAt its last keystroke by the clock of the client, null if the client sends none
 * @param searchedAt its last keystroke by the clock of the database, when it was first logged
 * @param revision how often it was amended since
 * @param amendedAt the last keystroke of its latest amendment by the clock of the database, null if
 *     there is none
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
    LocalDateTime searchedAt,
    int revision,
    @Nullable LocalDateTime amendedAt) {

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** Returns its row of {@code search_log}. */
  RowKey rowKey() {
    return new RowKey(key.bucket(), id);
  }

  /** Returns whether both may be of one person: a visitor without an id may have logged in. */
  boolean isOfSameUserAs(Search other) {
    return userId == null || other.userId == null || userId.equals(other.userId);
  }

  boolean isSameTextAs(Search other) {
    return isOfSameUserAs(other) && folded.equals(other.folded);
  }

  boolean isBeginningOf(Search other) {
    return isOfSameUserAs(other)
        && other.folded.length() > folded.length()
        && other.folded.startsWith(folded);
  }

  /**
   * Returns this search with a time that is not before that of its predecessor, unless it was typed
   * before it. Times of the database are those of statements, and those of two may be off by
   * milliseconds; if they differ by more, its clock was set back.
   */
  Search notBefore(Search predecessor) {
    boolean typedBefore =
        typedAt != null && predecessor.typedAt != null && typedAt.isBefore(predecessor.typedAt);
    return !typedBefore
            && searchedAt.isBefore(predecessor.searchedAt)
            && searchedAt.plus(CLOCK_TOLERANCE).isAfter(predecessor.searchedAt)
        ? new Search(
            id,
            key,
            userId,
            keyword,
            folded,
            submitted,
            keystrokes,
            typedAt,
            predecessor.searchedAt,
            revision,
            amendedAt)
        : this;
  }

  /** Returns this search with the keystrokes and the flag of an earlier search of the same text. */
  Search absorb(Search earlier) {
    return with(id, submitted || earlier.submitted, keystrokes + earlier.keystrokes);
  }

  /** Returns this logged search with the text that completes it. */
  Search amendedBy(Search text) {
    return new Search(
        id,
        key,
        text.userId == null ? userId : text.userId,
        text.keyword,
        text.folded,
        submitted || text.submitted,
        keystrokes + text.keystrokes,
        typedAt == null || text.typedAt != null && text.typedAt.isAfter(typedAt)
            ? text.typedAt
            : typedAt,
        searchedAt,
        revision + 1,
        text.searchedAt);
  }

  /** Returns the time of its last keystroke by the clock of the database. */
  LocalDateTime lastSeen() {
    return amendedAt == null ? searchedAt : amendedAt;
  }

  Search withId(long newId) {
    return with(newId, submitted, keystrokes);
  }

  private Search with(long newId, boolean newSubmitted, int newKeystrokes) {
    return new Search(
        newId,
        key,
        userId,
        keyword,
        folded,
        newSubmitted,
        newKeystrokes,
        typedAt,
        searchedAt,
        revision,
        amendedAt);
  }
}
