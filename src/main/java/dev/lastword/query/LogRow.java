package dev.lastword.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a log, as it is read. */
public interface LogRow {

  /** Returns its position in the order of the log. */
  Cursor cursor();

  /** Returns the cells of its line in a table: texts, numbers, flags, times. */
  List<@Nullable Object> cells();
}
