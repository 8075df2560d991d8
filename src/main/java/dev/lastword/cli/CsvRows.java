package dev.lastword.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file with a header, as JSON objects: a column is the field of its name, or
 * the one that it is mapped to. Empty cells are left out; a payload may be JSON itself.
 */
final class CsvRows implements ImportRows {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> STRUCTURED = Set.of("payload", "properties");

  private final CsvReader<NamedCsvRecord> csv;
  private final CloseableIterator<NamedCsvRecord> records;
  private final Map<String, String> fields;
  private long number;

  /**
   * @param fields which field a column is, where its name is not that of the field
   */
  CsvRows(InputStream in, Map<String, String> fields) {
    csv =
        CsvReader.builder()
            .skipEmptyLines(true)
            .ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8));
    records = csv.iterator();
    this.fields = fields;
  }

  @Override
  public @Nullable ImportRow next() throws IOException {
    try {
      return records.hasNext() ? new ImportRow(++number, json(records.next())) : null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }

  private byte[] json(NamedCsvRecord line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    List<String> header = line.getHeader();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < Math.min(header.size(), line.getFieldCount()); i++) {
        String value = line.getField(i);
        if (!value.isEmpty()) {
          String column = header.get(i);
          write(json, fields.getOrDefault(column, column).strip(), value);
        }
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, String field, String value) throws IOException {
    json.writeFieldName(field);
    if (STRUCTURED.contains(field) && (value.startsWith("{") || value.startsWith("["))) {
      // A line break between tokens would end the row; inside of texts JSON has none.
      json.writeRawValue(value.replace('\n', ' ').replace('\r', ' '));
    } else if (field.equals("submitted") && (value.equals("true") || value.equals("false"))) {
      json.writeBoolean(value.equals("true"));
    } else {
      json.writeString(value);
    }
  }
}
