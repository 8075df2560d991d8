package dev.lastword.search;

import java.text.Normalizer;

/** The one form that a text has before anything compares it. */
public final class Text {

  private Text() {}

  /**
   * Composed (NFC), without control characters, every run of white space as one blank, none at the
   * ends.
   *
   * <p>The ends matter beyond looks: the _bin collations of MySQL and MariaDB take {@code 'a '} for
   * equal to {@code 'a'}.
   */
  public static String normalize(String text) {
    return isPlain(text) ? text : clean(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  /**
   * Each character by itself in lower case, so the number of characters stays. The rule is the one
   * of {@link String#equalsIgnoreCase}: the same in every locale.
   */
  public static String fold(String text) {
    int i = 0;
    while (i < text.length() && isFoldedAscii(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints()
        .map(Character::toUpperCase)
        .map(Character::toLowerCase)
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  /** The number of characters as the database counts them: code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether the text holds no control characters and no half of a surrogate pair. */
  static boolean isClean(String text) {
    return text.codePoints().noneMatch(c -> Character.isISOControl(c) || isHalfOfAPair(c));
  }

  private static boolean isFoldedAscii(char c) {
    return c < 0x80 && (c < 'A' || c > 'Z');
  }

  /** Nearly all texts are printable ASCII with single blanks inside, and need no work. */
  private static boolean isPlain(String text) {
    char before = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
        return false;
      }
      before = c;
    }
    return text.isEmpty() || before != ' ';
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    boolean blank = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        blank = clean.length() > 0;
      } else if (!Character.isISOControl(c)) {
        if (blank) {
          clean.append(' ');
          blank = false;
        }
        clean.appendCodePoint(isHalfOfAPair(c) ? 0xFFFD : c);
      }
    }
    return clean.toString();
  }

  /**
   * Half of a surrogate pair is no character; JSON escapes can smuggle one in, and no database
   * stores it.
   */
  private static boolean isHalfOfAPair(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
