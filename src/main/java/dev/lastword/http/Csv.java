package dev.lastword.http;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 in UTF-8. Texts that start like a formula are guarded, see {@link FormulaGuard}; {@code
 * lastword import} removes the guard, other programs should use JSON.
 */
public final class Csv {
  public static final MediaType TYPE = MediaType.of("text/csv;charset=utf-8;header=present");

  private Csv() {}

  /** Returns a line with these cells, in plain notation; null is an empty cell. */
  public static byte[] line(List<? extends @Nullable Object> cells) {
    var text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(cells.stream().map(Csv::text).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Returns whether the client prefers CSV to JSON. */
  public static boolean isPreferred(HttpRequest<?> request) {
    return PreferredType.of(request, List.of(TYPE)) != null;
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
