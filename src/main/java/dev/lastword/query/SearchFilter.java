package dev.lastword.query;

import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import dev.lastword.row.Text;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which searches are asked for; what is null does not restrict.
 *
 * @param startsWith the beginning of the text, without letter case
 * @param contains a part of the text, without letter case
 */
record SearchFilter(
    int tenantId,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String startsWith,
    @Nullable String contains,
    TimeRange range)
    implements LogFilter<LoggedSearch> {

  // The column is ASCII: comparing it with other text would make the database convert every row.
  private static final Pattern SESSION_ID = Pattern.compile("[\\x20-\\x7e]{1,64}");

  /** A filter of what a request gives; refuses what can match nothing. */
  static SearchFilter parse(
      int tenantId,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String startsWith,
      @Nullable String q,
      TimeRange range) {
    Parameters.require(
        sessionId == null || SESSION_ID.matcher(sessionId.strip()).matches(),
        "session_id must be 1 to 64 printable ASCII characters.");
    return new SearchFilter(
        tenantId,
        Parameters.text("user_id", userId),
        sessionId == null ? null : sessionId.strip(),
        fold("starts_with", startsWith),
        fold("q", q),
        range);
  }

  /**
   * Of user and session one leads an index. A beginning is left to the planner while it stands
   * alone: a rare one is found by the index on it, a frequent one among the newest rows.
   */
  @Override
  public Conditions conditions() {
    boolean plain = userId == null && sessionId == null && contains == null;
    var conditions =
        new Conditions(
                sessionId != null ? "by_session" : userId != null ? "by_user" : "newest", tenantId)
            .key("session_id = ?", sessionId)
            .key("user_id = ?", sessionId == null ? userId : null)
            .rest("user_id = ?", sessionId == null ? null : userId)
            .key("folded LIKE ? ESCAPE '|'", plain ? pattern("", startsWith) : null)
            .rest("folded LIKE ? ESCAPE '|'", plain ? null : pattern("", startsWith))
            .rest("folded LIKE ? ESCAPE '|'", pattern("%", contains));
    return conditions.within(range, "searched_at");
  }

  private static @Nullable String pattern(String before, @Nullable String text) {
    return text == null ? null : before + Conditions.literally(text) + "%";
  }

  /** As the column {@code folded} is made, but for blanks at the ends: those end a word. */
  private static @Nullable String fold(String parameter, @Nullable String given) {
    if (given == null) {
      return null;
    }
    Parameters.requireText(parameter, given);
    String folded = Text.fold(Text.normalize(given));
    return given.endsWith(" ") ? folded + " " : folded;
  }
}
