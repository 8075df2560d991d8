package dev.lastword.row;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules for texts, so that all databases store and compare them alike. */
public final class Text {

  private Text() {}

  /**
   * Returns the text composed (NFC), without control characters, with each run of white space as
   * one blank, and without blanks and invisible characters at its ends, which come with copied
   * texts and from keyboards.
   *
   * <p>The ends matter beyond looks: the _bin collations of MySQL and MariaDB compare {@code 'a '}
   * as equal to {@code 'a'}.
   */
  public static String normalize(String text) {
    return isPlain(text) ? text : clean(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  /**
   * Returns the text with each character in lower case by itself, so that the number of characters
   * stays. The rule is that of {@link String#equalsIgnoreCase}: the same in every locale.
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

  /**
   * Returns the text without blanks at its ends, which the database's comparisons ignore.
   *
   * @return null if nothing is left
   */
  public static @Nullable String strip(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /**
   * @return the number of characters as the database counts them: code points
   */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * @return whether the text can be stored as it is: no control characters, no unpaired surrogates
   */
  public static boolean isClean(String text) {
    return text.codePoints().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
  }

  /**
   * @param maxLength in code points
   * @return whether the text is {@linkplain #isClean clean} and not too long
   */
  public static boolean isName(String text, int maxLength) {
    return length(text) <= maxLength && isClean(text);
  }

  /**
   * Replaces unpaired surrogates by U+FFFD: JSON escapes can contain them, but no database stores
   * them.
   */
  public static String replaceSurrogates(String text) {
    if (text.codePoints().noneMatch(Text::isSurrogate)) {
      return text;
    }
    StringBuilder replaced = new StringBuilder(text.length());
    text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).forEach(replaced::appendCodePoint);
    return replaced.toString();
  }

  /** Returns the elements of a list that is separated by commas, without empty ones. */
  public static Stream<String> elements(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).filter(text -> !text.isEmpty());
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
        clean.appendCodePoint(isSurrogate(c) ? 0xFFFD : c);
      }
    }
    int begin = 0;
    int end = clean.length();
    while (begin < end && isUnseen(clean.charAt(begin))) {
      begin++;
    }
    while (begin < end && isUnseen(clean.charAt(end - 1))) {
      end--;
    }
    return clean.substring(begin, end);
  }

  /** Soft hyphens, zero-width characters and byte order marks. Inside a text, some have meaning. */
  private static boolean isUnseen(char c) {
    return c == ' ' || c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
  }

  /** A code point in this range is half of a pair: whole pairs have code points above it. */
  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
