package dev.lastword.query;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the format of a response from {@code Accept}. */
@Singleton
class FormatNegotiation {

  private final List<LogFormat> formats;

  FormatNegotiation(CsvFormat csv, NdjsonFormat ndjson) {
    this.formats = List.of(csv, ndjson);
  }

  /** Returns the format to stream in, null for a page of JSON. */
  @Nullable LogFormat streamed(HttpRequest<?> request) {
    for (MediaType accepted : request.accept()) {
      if (MediaType.APPLICATION_JSON_TYPE.matches(accepted)) {
        return null;
      }
      for (LogFormat format : formats) {
        if (format.type().matches(accepted)) {
          return format;
        }
      }
    }
    return null;
  }
}
