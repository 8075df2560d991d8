package dev.lastword.search;

/**
 * Recognises texts that an input method editor (IME) shows while it composes, such as {@code xue}
 * before {@code 学}.
 */
final class ImeComposition {
  private ImeComposition() {}

  /**
   * Returns whether the next text has, after the common prefix, an ideograph in place of letters.
   */
  static boolean isConvertedBy(String text, String next) {
    int[] from = text.codePoints().toArray();
    int[] to = next.codePoints().toArray();
    int same = 0;
    while (same < from.length && same < to.length && from[same] == to[same]) {
      same++;
    }
    return same < from.length
        && same < to.length
        && Character.isIdeographic(to[same])
        && !Character.isIdeographic(from[same]);
  }
}
