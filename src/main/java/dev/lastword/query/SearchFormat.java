package dev.lastword.query;

import io.micronaut.http.MediaType;
import java.util.List;

/** A form that searches can be streamed in. */
interface SearchFormat {

  MediaType type();

  /** What comes before the first search. */
  byte[] head();

  byte[] encode(List<LoggedSearch> searches);
}
