package dev.lastword.query;

import dev.lastword.http.Ndjson;
import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Writes one JSON object per line. */
@Singleton
class NdjsonFormat implements LogFormat {

  private final JsonMapper json;

  NdjsonFormat(JsonMapper json) {
    this.json = json;
  }

  @Override
  public MediaType type() {
    return MediaType.of(Ndjson.TYPE);
  }

  @Override
  public byte[] head(List<String> columns) {
    return new byte[0];
  }

  @Override
  public byte[] encode(LogRow row) {
    try {
      byte[] object = json.writeValueAsBytes(row);
      byte[] line = Arrays.copyOf(object, object.length + 1);
      line[object.length] = '\n';
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
