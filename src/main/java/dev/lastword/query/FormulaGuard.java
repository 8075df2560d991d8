package dev.lastword.query;

import java.util.regex.Pattern;

/**
 * Keeps spreadsheets from running texts of a CSV file as formulas.
 *
 * <p>Strangers type the texts, and analysts open the file in a spreadsheet, which would run {@code
 * =HYPERLINK(...)}. So a text that starts like a formula, also after blanks, line breaks or
 * invisible characters, gets an apostrophe in front, as OWASP's page on CSV injection advises. A
 * text that already looks guarded gets one more, so that exactly this one can be removed again.
 */
public final class FormulaGuard {
  private static final String GUARD = "'";
  private static final Pattern FORMULA =
      Pattern.compile("'*+(?:[\\t\\r\\n]|[\\s\\p{Z}\\p{C}]*+[=+\\-@＝＋－＠])");

  private FormulaGuard() {}

  /** Returns the text as it may stand in a cell. */
  public static String add(String text) {
    return FORMULA.matcher(text).lookingAt() ? GUARD + text : text;
  }

  /** Returns the text that {@link #add} turned into this cell. */
  public static String remove(String cell) {
    return cell.startsWith(GUARD) && FORMULA.matcher(cell).lookingAt() ? cell.substring(1) : cell;
  }
}
