package dev.lastword.query;

import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import dev.lastword.row.Select;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter of searches; null fields do not restrict.
 *
 * @param startsWith prefix of the text, ignoring letter case
 * @param contains a part of the text, ignoring letter case
 */
record SearchFilter(
    int tenantId,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String startsWith,
    @Nullable String contains,
    TimeRange range)
    implements LogFilter<LoggedSearch> {

  // The column is ASCII; for other text, the database would convert every row.
  private static final Pattern SESSION_ID = Pattern.compile("[\\x20-\\x7e]{1,64}");

  /** Creates a filter from request parameters; answers 400 to those that cannot match. */
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
        Parameters.folded("starts_with", startsWith),
        Parameters.folded("q", q),
        range);
  }

  /**
   * Session or user lead an index. A prefix alone is left to the planner: it finds a rare one by
   * its index, a frequent one among the newest rows.
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
    return text == null ? null : before + Select.literally(text) + "%";
  }
}
