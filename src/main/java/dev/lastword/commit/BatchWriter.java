package dev.lastword.commit;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Writes the rows of a batch, in their order, within the transaction of its lane. */
public interface BatchWriter<T> {

  /**
   * Writes all rows.
   *
   * @throws RuntimeException if the database fails; then none of them is written
   */
  void write(List<T> rows);

  /**
   * Returns the keys, of any tables, that are locked to write this row and that other transactions
   * may lock as well.
   */
  Collection<?> keys(T row);

  /**
   * Returns those of the keys that another transaction holds at the moment. Waits for none of them.
   */
  Set<Object> locked(Collection<?> keys);

  /** Returns an upper bound, in bytes, of what the row adds to the statement. */
  int bytes(T row);
}
