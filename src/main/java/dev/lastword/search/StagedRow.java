package dev.lastword.search;

import dev.lastword.row.Text;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What promotion reads of a row of {@code search_staging}.
 *
 * @param firstLength characters of the first text of the row
 * @param finished the searches completed before the present one, oldest first
 * @param completed how many there were, with those that the row had no space for
 * @param keystrokes all that reached the row
 * @param waited milliseconds that the newest keystroke had waited for its commit at {@code
 *     lastSeen}
 * @param aged the typist is done; else the row is only promoted for the number of its finished
 *     searches, and stays
 * @param now the clock of the database when the row was read
 */
record StagedRow(
    SessionKey key,
    @Nullable String userId,
    String keyword,
    int firstLength,
    boolean submitted,
    List<Finished> finished,
    int completed,
    int keystrokes,
    @Nullable LocalDateTime typedAt,
    int waited,
    LocalDateTime lastSeen,
    boolean aged,
    LocalDateTime now) {

  /**
   * A text that waits on its row.
   *
   * @param rested how many milliseconds the typist rested on it
   * @param keystrokes how many had reached the row when it was completed
   */
  record Finished(
      String keyword,
      boolean submitted,
      int rested,
      int keystrokes,
      @Nullable LocalDateTime typedAt,
      LocalDateTime lastSeen) {}

  /**
   * The texts of the row, oldest first; the last one is the keyword, which a typist who goes on may
   * still change.
   */
  List<Finished> texts() {
    List<Finished> texts = new ArrayList<>(finished);
    LocalDateTime arrived = lastSeen.minus(waited, ChronoUnit.MILLIS);
    texts.add(new Finished(keyword, submitted, 0, keystrokes, typedAt, arrived));
    return texts;
  }

  /** How many searches were completed for which the row had no space. */
  int overflow() {
    return completed - finished.size();
  }

  /** How many keystrokes belong to the finished searches. */
  int finishedKeystrokes() {
    return finished.isEmpty() ? 0 : finished.get(finished.size() - 1).keystrokes;
  }

  /**
   * A text of the row as a search.
   *
   * @param typed what it took to type
   */
  Search search(Finished text, int typed) {
    return new Search(
        0,
        key,
        userId,
        text.keyword,
        Text.fold(text.keyword),
        text.submitted,
        typed,
        text.typedAt,
        text.lastSeen);
  }
}
