package dev.lastword.query;

import dev.lastword.http.TimeRange;
import dev.lastword.row.Select;
import dev.lastword.row.Text;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A filter of events; null fields do not restrict.
 *
 * @param level ignoring letter case
 * @param contains a part of the message or the payload, ignoring letter case
 */
record EventFilter(
    int tenantId,
    @Nullable String topic,
    @Nullable String source,
    @Nullable String level,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String contains,
    TimeRange range)
    implements LogFilter<LoggedEvent> {

  /**
   * Of the fields with an index, uses the one that probably has the fewest rows; for the other
   * fields, each of these rows is examined.
   */
  @Override
  public Conditions conditions() {
    String index =
        sessionId != null
            ? "by_session"
            : userId != null
                ? "by_user"
                : source != null ? "by_source" : topic != null ? "by_topic" : "newest";
    var conditions = new Conditions(index, tenantId);
    equal(conditions, "by_session", "session_id = ?", sessionId);
    equal(conditions, "by_user", "user_id = ?", userId);
    equal(conditions, "by_source", "source = ?", source);
    equal(conditions, "by_topic", "topic = ?", topic);
    // This collation ignores more than letter case; accepts() decides.
    conditions.rest(
        "level COLLATE utf8mb4_general_ci LIKE ? ESCAPE '|'",
        level == null ? null : likeInAnyCase(level));
    if (contains != null) {
      conditions.rest(
          """
          (message COLLATE utf8mb4_general_ci LIKE ? ESCAPE '|'
            OR CONVERT(payload USING utf8mb4) COLLATE utf8mb4_general_ci LIKE ? ESCAPE '|')""",
          List.of(pattern(contains), pattern(escaped(contains))));
    }
    return conditions.within(range, "occurred_at");
  }

  @Override
  public boolean accepts(LoggedEvent event) {
    return (level == null || isSame(level, event.level()))
        && (contains == null
            || holds(event.message(), contains)
            || event.payload() != null && holds(event.payload().text(), escaped(contains)));
  }

  private static boolean isSame(String level, @Nullable String other) {
    return other != null && Text.fold(level).equals(Text.fold(other));
  }

  private static void equal(
      Conditions conditions, String index, String condition, @Nullable String value) {
    if (conditions.index().equals(index)) {
      conditions.key(condition, value);
    } else {
      conditions.rest(condition, value);
    }
  }

  private static boolean holds(@Nullable String text, String part) {
    return text != null && Text.fold(text).contains(Text.fold(part));
  }

  private static String pattern(String text) {
    return "%" + likeInAnyCase(text) + "%";
  }

  /**
   * Returns a pattern for the text in any letter case. A letter whose case the collation may not
   * know, because it is older, matches any character.
   */
  private static String likeInAnyCase(String text) {
    return text.codePoints()
        .mapToObj(c -> hasNewerCase(c) ? "_" : Select.literally(Character.toString(c)))
        .collect(Collectors.joining());
  }

  private static boolean hasNewerCase(int c) {
    boolean known =
        c < 0x220 || c >= 0x386 && c < 0x3cf || c >= 0x400 && c < 0x482 || c >= 0x531 && c < 0x588;
    return !known && (Character.toUpperCase(c) != c || Character.toLowerCase(c) != c);
  }

  /** Escapes the text as in a JSON string. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
