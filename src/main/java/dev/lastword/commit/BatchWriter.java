package dev.lastword.commit;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Writes the batches of lanes. */
public interface BatchWriter<T> {

  /**
   * Writes all rows, in their order, and stores the number, in one transaction.
   *
   * @throws RuntimeException if the database fails or does not confirm the commit, or if the stored
   *     number of this lane is not less. The rows may be committed nevertheless; see {@link
   *     #settle}
   */
  void write(BatchNumber number, List<T> rows);

  /**
   * Returns whether an attempt was committed. If not, fences it off, so that it never will be, even
   * if its statement reaches the database later.
   *
   * @param number of the newest attempt of its lane
   * @throws RuntimeException if the database fails; then the outcome of the attempt is unknown
   */
  boolean settle(BatchNumber number);

  /**
   * Returns the keys, of any tables, that are locked to write this row and that other transactions
   * may lock as well.
   */
  Collection<?> keys(T row);

  /** Returns those of the keys that another transaction has locked, without waiting for it. */
  Set<Object> locked(Collection<?> keys);

  /** Returns the maximum number of rows in a batch that need the same key. */
  default int maxRowsPerKey() {
    return Integer.MAX_VALUE;
  }

  /**
   * Makes room for rows that the database refused because what they are added to is full. Runs
   * outside of the transaction of the batch, which was rolled back.
   *
   * @param error with which {@link #write} failed
   * @return false if there was another reason
   * @throws RuntimeException if the database fails
   */
  default boolean makeRoom(List<T> rows, RuntimeException error) {
    return false;
  }

  /** Returns an upper bound, in bytes, of what the row adds to the statement. */
  int bytes(T row);
}
