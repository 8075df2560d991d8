package dev.lastword.commit;

import java.util.List;

/** Writes the rows of a batch, in their order, within the transaction of its lane. */
public interface BatchWriter<T> {

  /**
   * Writes all rows.
   *
   * @throws RuntimeException if the database fails; then none of them is written
   */
  void write(List<T> rows);

  /** Returns an upper bound, in bytes, of what the row adds to the statement. */
  int bytes(T row);
}
