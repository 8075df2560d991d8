package dev.lastword.query;

import dev.lastword.search.Text;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which searches are asked for; what is null does not restrict.
 *
 * @param prefix the searches that start with it, without letter case
 * @param from the first moment that counts
 * @param to the first moment that no longer counts
 */
record SearchFilter(
    int tenantId,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String prefix,
    @Nullable Instant from,
    @Nullable Instant to) {

  // The column is ASCII: comparing it with other text would make the database convert every row.
  private static final Pattern SESSION_ID = Pattern.compile("[\\x20-\\x7e]{1,64}");

  /** A filter of what a request gives; refuses what can match nothing. */
  static SearchFilter parse(
      int tenantId,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String q,
      @Nullable String from,
      @Nullable String to) {
    require(userId == null || !userId.isBlank(), "user_id must not be empty.");
    require(
        sessionId == null || SESSION_ID.matcher(sessionId.strip()).matches(),
        "session_id must be 1 to 64 printable ASCII characters.");
    var filter =
        new SearchFilter(
            tenantId,
            userId == null ? null : userId.strip(),
            sessionId == null ? null : sessionId.strip(),
            q == null || q.isBlank() ? null : fold(q),
            from == null ? null : Moments.parse("from", from),
            to == null ? null : Moments.parse("to", to));
    require(
        filter.from == null || filter.to == null || !filter.from.isAfter(filter.to),
        "from must not be later than to.");
    return filter;
  }

  /** The conditions in SQL; adds what stands for their question marks. */
  String where(List<Object> values) {
    StringBuilder sql = new StringBuilder("tenant_id = ?");
    values.add(tenantId);
    if (userId != null) {
      sql.append(" AND user_id = ?");
      values.add(userId);
    }
    if (sessionId != null) {
      sql.append(" AND session_id = ?");
      values.add(sessionId);
    }
    if (prefix != null) {
      // Not the backslash: whether that escapes depends on the mode of the server.
      sql.append(" AND folded LIKE ? ESCAPE '|'");
      values.add(prefix.replaceAll("[|%_]", "|$0") + "%");
    }
    if (from != null) {
      sql.append(" AND searched_at >= ?");
      values.add(Moments.toDatabase(from));
    }
    if (to != null) {
      sql.append(" AND searched_at < ?");
      values.add(Moments.toDatabase(to));
    }
    return sql.toString();
  }

  /** As the column {@code folded} is made, but for a blank at the end: that ends a word. */
  private static String fold(String q) {
    String folded = Text.fold(Text.normalize(q));
    return q.endsWith(" ") ? folded + " " : folded;
  }

  private static void require(boolean good, String otherwise) {
    if (!good) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, otherwise);
    }
  }
}
