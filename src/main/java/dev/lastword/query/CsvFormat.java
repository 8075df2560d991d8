package dev.lastword.query;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header row, in UTF-8.
 *
 * <p>Strangers type the keywords, and analysts open the file in a spreadsheet, which would run
 * {@code =HYPERLINK(...)} as a formula. So a text that starts like a formula gets an apostrophe in
 * front, as OWASP advises. Programs should ask for NDJSON, which is exact.
 */
@Singleton
class CsvFormat implements SearchFormat {

  @Override
  public MediaType type() {
    return MediaType.of("text/csv;charset=utf-8;header=present");
  }

  @Override
  public byte[] head() {
    return csv(
        csv ->
            csv.writeRecord(
                "id",
                "keyword",
                "session_id",
                "user_id",
                "submitted",
                "keystrokes",
                "typed_at",
                "searched_at"));
  }

  @Override
  public byte[] encode(List<LoggedSearch> searches) {
    return csv(
        csv -> {
          for (LoggedSearch search : searches) {
            csv.writeRecord(
                search.id(),
                harmless(search.keyword()),
                harmless(search.sessionId()),
                harmless(search.userId()),
                Boolean.toString(search.submitted()),
                Integer.toString(search.keystrokes()),
                search.typedAt() == null ? "" : search.typedAt().toString(),
                search.searchedAt().toString());
          }
        });
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

  private static String harmless(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    return "=+-@\t\r".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
  }
}
