package dev.lastword.query;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import org.jspecify.annotations.Nullable;

/** Which rows of a log are asked for. */
interface LogFilter<T extends Logged> {

  Conditions conditions();

  /** Has the last say on a row that met the conditions, where SQL cannot say it exactly. */
  default boolean accepts(T row) {
    return true;
  }

  /** What was given for a name, without blanks around it; null where nothing was. */
  static @Nullable String name(String parameter, @Nullable String given) {
    require(given == null || !given.isBlank(), parameter + " must not be empty.");
    return given == null ? null : given.strip();
  }

  static void require(boolean good, String otherwise) {
    if (!good) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, otherwise);
    }
  }
}
