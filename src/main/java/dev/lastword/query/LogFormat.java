package dev.lastword.query;

import io.micronaut.http.MediaType;
import java.util.List;

/** A format in which a log is streamed. */
interface LogFormat {

  MediaType type();

  /** Returns what precedes the first row. */
  byte[] head(List<String> columns);

  byte[] encode(LogRow row);
}
