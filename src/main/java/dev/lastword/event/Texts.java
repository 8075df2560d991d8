package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/** What texts of events have to be like. */
final class Texts {

  private Texts() {}

  /** Without blanks at its ends, which the database's comparisons ignore; null if that is empty. */
  static @Nullable String strip(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** At most so many characters (not bytes), none of them a control or half of a pair. */
  static boolean isName(String text, int most) {
    return length(text) <= most
        && text.codePoints().noneMatch(c -> Character.isISOControl(c) || isHalf(c));
  }

  /** Characters as the database counts them: code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * The text with U+FFFD in place of halves of surrogate pairs, which JSON escapes can smuggle in
   * and no database stores.
   */
  static String whole(String text) {
    if (text.codePoints().noneMatch(Texts::isHalf)) {
      return text;
    }
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints().map(c -> isHalf(c) ? 0xFFFD : c).forEach(whole::appendCodePoint);
    return whole.toString();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
