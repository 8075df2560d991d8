package dev.lastword.search;

/**
 * Tells what an input method shows while it composes from what it makes of it: {@code xue}, {@code
 * 学}.
 */
final class ImeComposition {
  private ImeComposition() {}

  /**
   * Whether the next text has, after what both begin with, an ideograph where this one has letters.
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
