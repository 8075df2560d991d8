package dev.lastword.query;

import dev.lastword.http.Csv;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.util.List;

/** Writes {@link Csv} with a header line. */
@Singleton
class CsvFormat implements LogFormat {

  @Override
  public MediaType type() {
    return Csv.TYPE;
  }

  @Override
  public byte[] head(List<String> columns) {
    return Csv.line(columns);
  }

  @Override
  public byte[] encode(LogRow row) {
    return Csv.line(row.cells());
  }
}
