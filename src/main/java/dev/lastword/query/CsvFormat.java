package dev.lastword.query;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes RFC 4180 with a header row, in UTF-8. Texts that start like a formula are guarded, see
 * {@link FormulaGuard}; {@code lastword import} removes the guard, other programs should use
 * NDJSON.
 */
@Singleton
class CsvFormat implements LogFormat {

  @Override
  public MediaType type() {
    return MediaType.of("text/csv;charset=utf-8;header=present");
  }

  @Override
  public byte[] head(List<String> columns) {
    return csv(csv -> csv.writeRecord(columns));
  }

  @Override
  public byte[] encode(LogRow row) {
    return csv(csv -> csv.writeRecord(row.cells().stream().map(CsvFormat::text).toList()));
  }

  private static byte[] csv(Consumer<CsvWriter> writing) {
    var text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      writing.accept(csv);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(@Nullable Object cell) {
    if (cell instanceof String text) {
      return FormulaGuard.add(text);
    }
    if (cell instanceof BigDecimal number) {
      return number.toPlainString();
    }
    return cell == null ? "" : cell.toString();
  }
}
