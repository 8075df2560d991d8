package dev.lastword.query;

import dev.lastword.http.PreferredType;
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
    MediaType type = PreferredType.of(request, formats.stream().map(LogFormat::type).toList());
    return formats.stream().filter(format -> format.type().equals(type)).findFirst().orElse(null);
  }
}
