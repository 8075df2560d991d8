package dev.lastword.query;

import dev.lastword.search.Text;
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

  /**
   * Returns what was given for a parameter, without blanks around it; null if it was not given.
   * Blanks and control characters alone are refused: they would restrict nothing.
   */
  static @Nullable String name(String parameter, @Nullable String given) {
    require(given == null || !Text.normalize(given).isEmpty(), parameter + " must not be empty.");
    return given == null ? null : given.strip();
  }

  static void require(boolean good, String otherwise) {
    if (!good) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, otherwise);
    }
  }
}
