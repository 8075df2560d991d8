package dev.lastword.http;

import java.util.regex.Pattern;

/**
 * Prevents spreadsheets from running texts of a CSV file as formulas.
 *
 * <p>Strangers type the texts, and an analyst's spreadsheet would run {@code =HYPERLINK(...)}. So a
 * text that starts like a formula, also after blanks, line breaks or invisible characters, is
 * prefixed with an apostrophe, as OWASP's page on CSV injection recommends. A text that already
 * looks guarded gets another apostrophe, so that {@link #remove} restores the original.
 */
public final class FormulaGuard {
  private static final String GUARD = "'";
  private static final Pattern FORMULA =
      Pattern.compile("'*+(?:[\\t\\r\\n]|[\\s\\p{Z}\\p{C}]*+[=+\\-@＝＋－＠])");

  private FormulaGuard() {}

  /** Returns the text for a cell. */
  public static String add(String text) {
    return FORMULA.matcher(text).lookingAt() ? GUARD + text : text;
  }

  /** Returns the text of a cell that {@link #add} wrote. */
  public static String remove(String cell) {
    return cell.startsWith(GUARD) && FORMULA.matcher(cell).lookingAt() ? cell.substring(1) : cell;
  }
}
