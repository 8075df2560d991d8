package dev.lastword.commit;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Writes the batches of lanes. */
public interface BatchWriter<T> {

  /**
   * Writes all rows, in their order, and notes the number, in one transaction.
   *
   * @throws RuntimeException if the database fails, does not confirm the commit, or has noted a
   *     number of this lane that is not less. Whether the rows are written is for {@link #settle}
   *     to say
   */
  void write(BatchNumber number, List<T> rows);

  /**
   * Finds out whether an attempt was committed. If it was not, it never will be, not even if what
   * was sent for it reaches the database only now.
   *
   * @param number of the newest attempt of its lane
   * @throws RuntimeException if the database fails; then it is unknown as before
   */
  boolean settle(BatchNumber number);

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
