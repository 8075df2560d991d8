package dev.lastword.search;

import dev.lastword.row.Text;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request of the page: the text now in the box, for one session.
 *
 * @param userId up to 255 characters, null if unknown
 * @param keyword 1 to 255 characters, as {@link Text#normalize} leaves them
 * @param folded the keyword without letter case, see {@link Text#fold}
 * @param submitted whether Enter was pressed
 * @param typedAt by the clock of the client, in UTC and milliseconds; null if it sends none
 * @param arrived when the node received it, as a value of {@link System#nanoTime()}
 */
record Keystroke(
    SessionKey key,
    @Nullable String userId,
    String keyword,
    String folded,
    boolean submitted,
    @Nullable LocalDateTime typedAt,
    long arrived) {
  private static final int MAX_WAITED = 86_400_000;

  Keystroke(
      SessionKey key,
      @Nullable String userId,
      String keyword,
      boolean submitted,
      @Nullable LocalDateTime typedAt) {
    this(key, userId, keyword, Text.fold(keyword), submitted, typedAt, System.nanoTime());
  }

  /**
   * Returns the milliseconds that it has waited to be written, which are not a pause of the typist.
   *
   * @param now when the statement is made, as a value of {@link System#nanoTime()}
   */
  int waited(long now) {
    long millis = TimeUnit.NANOSECONDS.toMillis(now - arrived);
    return (int) Math.min(MAX_WAITED, millis);
  }

  /** Returns the length of the text in code points, as the database counts. */
  int length() {
    return Text.length(folded);
  }
}
