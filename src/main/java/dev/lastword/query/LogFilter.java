package dev.lastword.query;

import dev.lastword.search.Text;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import org.jspecify.annotations.Nullable;

/** Which rows of a log are asked for. */
interface LogFilter<T extends LogRow> {

  Conditions conditions();

  /** Has the last say on a row that met the conditions, where SQL cannot say it exactly. */
  default boolean accepts(T row) {
    return true;
  }

  /** Returns what was given for a parameter, without blanks around it; null if nothing was. */
  static @Nullable String name(String parameter, @Nullable String given) {
    if (given == null) {
      return null;
    }
    requireText(parameter, given);
    return given.strip();
  }

  /** Refuses blanks and control characters alone: they would restrict nothing. */
  static void requireText(String parameter, String given) {
    require(!Text.normalize(given).isEmpty(), parameter + " must not be empty.");
  }

  static void require(boolean good, String otherwise) {
    if (!good) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, otherwise);
    }
  }
}
