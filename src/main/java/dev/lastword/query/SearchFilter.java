package dev.lastword.query;

import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import dev.lastword.row.PrefixRange;
import dev.lastword.row.Select;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter of searches; null fields do not restrict.
 *
 * @param keyword the text, ignoring letter case
 * @param startsWith prefix of the text, likewise
 * @param contains a part of the text, likewise
 */
record SearchFilter(
    int tenantId,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String keyword,
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
      @Nullable String keyword,
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
        keyword == null ? null : Parameters.keyword(keyword),
        Parameters.folded("starts_with", startsWith),
        Parameters.folded("q", q),
        range);
  }

  /**
   * Session, user or keyword lead an index. A prefix alone is left to the planner: it finds a rare
   * one by its index, a frequent one among the newest rows.
   */
  @Override
  public Conditions conditions() {
    boolean bySession = sessionId != null;
    boolean byUser = !bySession && userId != null;
    boolean byKeyword = !bySession && !byUser && keyword != null;
    boolean newest = !bySession && !byUser && !byKeyword;
    Conditions conditions =
        new Conditions(
                bySession ? "by_session" : byUser ? "by_user" : byKeyword ? "by_keyword" : "newest",
                tenantId)
            .key("session_id = ?", sessionId)
            .key("user_id = ?", byUser ? userId : null)
            .key("folded = ?", byKeyword ? keyword : null);
    if (startsWith != null) {
      PrefixRange prefix = PrefixRange.of("folded", startsWith);
      conditions =
          newest && contains == null
              ? conditions.key(prefix.condition(), prefix.values())
              : conditions.rest(prefix.condition(), prefix.values());
    }
    return conditions
        .rest("user_id = ?", byUser ? null : userId)
        .rest("folded = ?", byKeyword ? null : keyword)
        .rest(
            "folded LIKE ? ESCAPE '|'",
            contains == null ? null : "%" + Select.literally(contains) + "%")
        .within(range, "searched_at");
  }
}
