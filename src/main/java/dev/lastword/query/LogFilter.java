package dev.lastword.query;

/** A filter of the rows of a log. */
interface LogFilter<T extends LogRow> {

  Conditions conditions();

  /** Decides about a row that met the conditions, if SQL cannot express the filter exactly. */
  default boolean accepts(T row) {
    return true;
  }
}
