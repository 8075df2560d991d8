package dev.lastword.commit;

import java.util.List;

/** Writes the rows of a batch in one transaction, in their order. */
public interface BatchWriter<T> {

  /**
   * Returns when all rows are committed.
   *
   * @throws RuntimeException if none is; {@link Failure} tells whether to try again
   */
  void write(List<T> rows);

  /** About how many bytes the row adds to the statement, at the most. */
  int bytes(T row);
}
