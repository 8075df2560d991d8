package dev.lastword.query;

/** Which rows of a log are asked for. */
interface LogFilter<T extends LogRow> {

  Conditions conditions();

  /** Has the last say on a row that met the conditions, where SQL cannot say it exactly. */
  default boolean accepts(T row) {
    return true;
  }
}
