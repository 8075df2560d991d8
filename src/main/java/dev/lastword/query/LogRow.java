package dev.lastword.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a log, as it is read. */
public interface LogRow {

  /** Where it stands in the order newest first. */
  Cursor place();

  /** What a line of a table shows of it: texts, numbers, flags, moments. */
  List<@Nullable Object> cells();
}
