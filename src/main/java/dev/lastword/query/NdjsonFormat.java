package dev.lastword.query;

import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** One JSON object a line. */
@Singleton
class NdjsonFormat implements LogFormat {

  static final String TYPE = "application/x-ndjson";

  private final JsonMapper json;

  NdjsonFormat(JsonMapper json) {
    this.json = json;
  }

  @Override
  public MediaType type() {
    return MediaType.of(TYPE);
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
