package dev.lastword.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on texts that start with a prefix, as a range in the order of the _bin collations,
 * which is that of code points. MySQL and MariaDB read {@code LIKE 'prefix%'} from an index only up
 * to U+FFFF, and miss emoji.
 *
 * @param condition in SQL
 * @param values its parameters
 */
public record PrefixRange(String condition, List<Object> values) {

  /**
   * Returns the condition on a column whose texts have no blanks at their ends.
   *
   * @param prefix not empty
   */
  public static PrefixRange of(String column, String prefix) {
    // 'a ' equals 'a' in these collations, and does not start with 'a '.
    String from = "%s %s ?".formatted(column, prefix.endsWith(" ") ? ">" : ">=");
    String end = after(prefix);
    return end == null
        ? new PrefixRange(from, List.of(prefix))
        : new PrefixRange("%s AND %s < ?".formatted(from, column), List.of(prefix, end));
  }

  /** Returns the first text after all that start with the prefix; null if there is none. */
  private static @Nullable String after(String prefix) {
    for (int end = prefix.length(); end > 0; end = prefix.offsetByCodePoints(end, -1)) {
      int last = prefix.codePointBefore(end);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return prefix.substring(0, prefix.offsetByCodePoints(end, -1)) + Character.toString(next);
      }
    }
    return null;
  }
}
