package dev.lastword.query;

import io.micronaut.http.MediaType;
import java.util.List;

/** A form that a log can be streamed in. */
interface LogFormat {

  MediaType type();

  /** What comes before the first row. */
  byte[] head(List<String> columns);

  byte[] encode(LogRow row);
}
