package dev.lastword.query;

import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  public byte[] encode(List<? extends Logged> rows) {
    try {
      var lines = new ByteArrayOutputStream();
      for (Logged row : rows) {
        lines.write(json.writeValueAsBytes(row));
        lines.write('\n');
      }
      return lines.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
