package dev.lastword.search;

/**
 * Distinguishes a typo that the next text corrects from a search that was followed by a similar
 * one.
 */
final class Typo {
  private static final int SHORTEST = 4;
  private static final int LONG = 6;

  private Typo() {}

  /**
   * Returns whether the next text, or a prefix of it, differs by one error, or by two in texts of
   * six or more characters. An error is a character that is inserted, deleted or replaced, or two
   * that are transposed (optimal string alignment distance). Texts shorter than four characters are
   * never typos, and different digits make a different search: {@code iphone 14}, {@code iphone
   * 15}.
   *
   * @param text without letter case
   * @param next without letter case
   */
  static boolean isCorrectedBy(String text, String next) {
    int[] from = text.codePoints().toArray();
    int[] to = next.codePoints().toArray();
    return from.length >= SHORTEST
        && !next.startsWith(text)
        && digits(next).startsWith(digits(text))
        && distanceToABeginning(from, to) <= (from.length < LONG ? 1 : 2);
  }

  private static int distanceToABeginning(int[] from, int[] to) {
    int[] beforeLast = new int[to.length + 1];
    int[] last = new int[to.length + 1];
    for (int j = 0; j <= to.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length; i++) {
      int[] row = new int[to.length + 1];
      row[0] = i;
      for (int j = 1; j <= to.length; j++) {
        int mistaken = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        row[j] = Math.min(mistaken, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
          row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
        }
      }
      beforeLast = last;
      last = row;
    }
    int least = last[0];
    for (int distance : last) {
      least = Math.min(least, distance);
    }
    return least;
  }

  private static String digits(String text) {
    return text.codePoints()
        .filter(Character::isDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
