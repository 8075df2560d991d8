package dev.lastword.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.lastword.http.FormulaGuard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a CSV file with a header as JSON objects: a column is the field of its name,
 * or the field that it is mapped to. Empty cells are omitted; a payload may be JSON. The apostrophe
 * that exports put before formulas is removed.
 *
 * <p>Unless given, the separator is the most frequent of comma, semicolon, tab and bar in the
 * header.
 */
final class ImportCsv extends ImportRows {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> STRUCTURED = Set.of("payload", "properties");
  private static final String SEPARATORS = ",;\t|";
  private static final int MAX_HEADER = 1 << 16;

  private final @Nullable Charset encoding;
  private final CsvReader<CsvRecord> csv;
  private final CloseableIterator<CsvRecord> records;
  private final List<String> columns;
  private final boolean isExport;
  private long number;

  /**
   * Reads the header.
   *
   * @param encoding see {@link #decode}
   * @param separator null to choose it by the header
   * @param fields fields by column, for columns with another name
   * @throws IOException if two columns are mapped to the same field
   * @throws IllegalArgumentException if a column of {@code fields} is not in the header
   */
  ImportCsv(
      InputStream in,
      @Nullable Charset encoding,
      @Nullable Character separator,
      Map<String, String> fields)
      throws IOException {
    this.encoding = encoding;
    Reader text = decode(in, encoding);
    csv =
        CsvReader.builder()
            .fieldSeparator(separator == null ? separator(text) : separator)
            .skipEmptyLines(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .allowExtraCharsAfterClosingQuote(true)
            // Otherwise, an unclosed quote would make the rest of the file one cell.
            .allowUnclosedQuote(false)
            .ofCsvRecord(text);
    records = csv.iterator();
    CsvRecord header = next("the header");
    columns = header == null ? List.of() : columns(header.getFields(), fields);
    String problem = problem(String.join("", columns), encoding);
    if (problem != null) {
      throw new IOException("The header " + problem);
    }
    isExport = ImportKind.of(columns) == ImportKind.EXPORTED_EVENTS;
  }

  @Override
  @Nullable Row read() throws IOException {
    CsvRecord line = next("row " + (number + 1));
    if (line == null) {
      return null;
    }
    number++;
    int count = line.getFieldCount();
    String text = String.join(",", line.getFields());
    String problem =
        count == columns.size()
            ? problem(text, encoding)
            : "has %d fields, the header has %d".formatted(count, columns.size());
    return problem == null
        ? new Row(number, json(line), null)
        : new Row(number, text.getBytes(StandardCharsets.UTF_8), problem);
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }

  private @Nullable CsvRecord next(String what) throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("%s is not CSV: %s".formatted(what, cause.getMessage()), e);
    }
  }

  /** Chooses the separator by the first line, and leaves the reader at its start. */
  private static char separator(Reader text) throws IOException {
    int[] counts = new int[SEPARATORS.length()];
    boolean quoted = false;
    text.mark(MAX_HEADER);
    for (int i = 0; i < MAX_HEADER; i++) {
      int c = text.read();
      if (c < 0 || !quoted && (c == '\n' || c == '\r')) {
        break;
      }
      quoted ^= c == '"';
      int separator = SEPARATORS.indexOf(c);
      if (!quoted && separator >= 0) {
        counts[separator]++;
      }
    }
    text.reset();
    int max = 0;
    for (int i = 1; i < counts.length; i++) {
      max = counts[i] > counts[max] ? i : max;
    }
    return SEPARATORS.charAt(max);
  }

  private static List<String> columns(List<String> header, Map<String, String> fields)
      throws IOException {
    for (String column : fields.keySet()) {
      if (!header.contains(column)) {
        throw new IllegalArgumentException(
            "Unknown column '%s'. Columns are: %s.".formatted(column, String.join(", ", header)));
      }
    }
    List<String> columns =
        header.stream().map(column -> fields.getOrDefault(column, column).strip()).toList();
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (!seen.add(column)) {
        throw new IOException("The header has two columns '%s'.".formatted(column));
      }
    }
    return columns;
  }

  private byte[] json(CsvRecord line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < columns.size(); i++) {
        String value = line.getField(i);
        if (!value.isEmpty()) {
          write(json, columns.get(i), value);
        }
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json, String field, String value) throws IOException {
    json.writeFieldName(field);
    if (STRUCTURED.contains(field)
        && (isExport || value.startsWith("{") || value.startsWith("["))) {
      // A line break between tokens would end the row; JSON texts contain none.
      json.writeRawValue(value.replace('\n', ' ').replace('\r', ' '));
    } else if (field.equals("submitted")
        && (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"))) {
      json.writeBoolean(Boolean.parseBoolean(value));
    } else {
      json.writeString(FormulaGuard.remove(value));
    }
  }
}
