package dev.lastword.search;

import dev.lastword.row.Text;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code search_staging}, as promotion reads it.
 *
 * @param firstLength length of the first text of the row
 * @param finished the searches completed before the current one, oldest first
 * @param keystrokes number of keystrokes of the row
 * @param waited milliseconds that the newest keystroke had waited for its commit at {@code
 *     lastSeen}
 * @param aged whether the typist is done; otherwise only the finished searches are promoted,
 *     because there are many
 * @param now the clock of the database when the row was read
 */
record StagedRow(
    SessionKey key,
    @Nullable String userId,
    String keyword,
    int firstLength,
    boolean submitted,
    List<Finished> finished,
    int keystrokes,
    @Nullable LocalDateTime typedAt,
    int waited,
    LocalDateTime lastSeen,
    boolean aged,
    LocalDateTime now) {

  /**
   * A text of a row.
   *
   * @param userId the user it was typed under
   * @param rested milliseconds that the typist rested on it
   * @param keystrokes number of keystrokes of the row when it was completed
   */
  record Finished(
      @Nullable String userId,
      String keyword,
      boolean submitted,
      int rested,
      int keystrokes,
      @Nullable LocalDateTime typedAt,
      LocalDateTime lastSeen) {

    private Finished notAfter(Finished successor) {
      return lastSeen.isAfter(successor.lastSeen)
          ? new Finished(
              userId, keyword, submitted, rested, keystrokes, typedAt, successor.lastSeen)
          : this;
    }

    /** Returns whether both were typed under known and different users. */
    boolean isOfOtherUserThan(Finished other) {
      return userId != null && other.userId != null && !userId.equals(other.userId);
    }

    private Finished map(UnaryOperator<String> texts) {
      return new Finished(
          userId, texts.apply(keyword), submitted, rested, keystrokes, typedAt, lastSeen);
    }
  }

  /**
   * Returns the texts of the row, oldest first, none later than its successor. The last one is the
   * keyword, which a typist who continues may still change.
   */
  List<Finished> texts() {
    List<Finished> texts = new ArrayList<>(finished);
    LocalDateTime arrived = lastSeen.minus(waited, ChronoUnit.MILLIS);
    texts.add(new Finished(userId, keyword, submitted, 0, keystrokes, typedAt, arrived));
    // Times are those of several statements, each by the clocks of the node and of the database,
    // and
    // may be off by milliseconds.
    for (int i = texts.size() - 2; i >= 0; i--) {
      texts.set(i, texts.get(i).notAfter(texts.get(i + 1)));
    }
    return texts;
  }

  /** Returns the row with other texts. */
  StagedRow map(UnaryOperator<String> texts) {
    return new StagedRow(
        key,
        userId,
        texts.apply(keyword),
        firstLength,
        submitted,
        finished.stream().map(text -> text.map(texts)).toList(),
        keystrokes,
        typedAt,
        waited,
        lastSeen,
        aged,
        now);
  }

  /** Returns the number of keystrokes of the finished searches. */
  int finishedKeystrokes() {
    return finished.isEmpty() ? 0 : finished.get(finished.size() - 1).keystrokes;
  }

  /**
   * Returns a text of the row as a search.
   *
   * @param typed number of keystrokes that it took
   */
  Search search(Finished text, int typed) {
    return new Search(
        0,
        key,
        text.userId,
        text.keyword,
        Text.fold(text.keyword),
        text.submitted,
        typed,
        text.typedAt,
        text.lastSeen,
        0,
        null);
  }
}
