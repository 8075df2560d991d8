package dev.lastword.commit;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A statement for any number of rows: {@code INSERT … VALUES row, row, … tail}.
 *
 * <p>The text for a number of rows is always the same object, so that the driver's cache of
 * prepared statements finds it.
 */
public final class MultiRowStatement {
  private final String head;
  private final String row;
  private final String tail;
  private final AtomicReferenceArray<String> texts =
      new AtomicReferenceArray<>(BatchSize.MAX_ROWS + 1);

  /**
   * @param head text before the rows, such as {@code INSERT INTO t (a, b) VALUES}
   * @param row one row, such as {@code (?,?)}
   * @param tail text after them
   */
  public MultiRowStatement(String head, String row, String tail) {
    this.head = head;
    this.row = row;
    this.tail = tail;
  }

  /** Returns the statement for a number of rows, at least one. */
  public String sql(int rows) {
    if (rows >= texts.length()) {
      return text(rows);
    }
    String text = texts.get(rows);
    if (text == null) {
      texts.compareAndSet(rows, null, text(rows));
      text = texts.get(rows);
    }
    return text;
  }

  private String text(int rows) {
    return head + " " + String.join(",", Collections.nCopies(rows, row)) + " " + tail;
  }
}
