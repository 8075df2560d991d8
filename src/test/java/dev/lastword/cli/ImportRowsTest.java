package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the rows of files, without a database. */
class ImportRowsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"UTF-8, `,`", "UTF-8, ;", "UTF-16LE, `\t`", "UTF-16BE, |", "UTF-8, `\t`"})
  void marksOfByteOrderAndSeparatorsAreRecognised(String charset, String separator)
      throws IOException {
    String text = "\uFEFFevent_id,topic,\"a,;|\"\nä,t,\"x,;|\"\nö,t,\n";
    String[] parts = text.split("\"", -1);
    for (int i = 0; i < parts.length; i += 2) {
      parts[i] = parts[i].replace(",", separator);
    }
    byte[] file = String.join("\"", parts).getBytes(Charset.forName(charset));
    assertThat(csv(file, null))
        .containsExactly(
            "1 {\"event_id\":\"ä\",\"topic\":\"t\",\"a,;|\":\"x,;|\"}",
            "2 {\"event_id\":\"ö\",\"topic\":\"t\"}");
  }

  @Test
  void theSeparatorCanBeGiven() throws IOException {
    assertThat(csv("topic!a,b,c\nt!1\n".getBytes(StandardCharsets.UTF_8), '!'))
        .containsExactly("1 {\"topic\":\"t\",\"a,b,c\":\"1\"}");
  }

  @Test
  void charactersAboveTheFirstPlaneAreNoErrorsOfTheEncoding() throws IOException {
    // The first half of the second character is what stands for an error.
    byte[] file = "topic,message\n😀,\uD800\uDC00\n".getBytes(StandardCharsets.UTF_8);
    assertThat(csv(file, null))
        .containsExactly("1 {\"topic\":\"\\uD83D\\uDE00\",\"message\":\"\\uD800\\uDC00\"}");
  }

  @Test
  void linesOfTheWrongLengthAreRejectedOneByOne() throws IOException {
    String file = "topic,event_id,message\nt,1,one\nt,2\nt,3,\"three\",more\nt,4,four\n";
    assertThat(csv(file.getBytes(StandardCharsets.UTF_8), null))
        .containsExactly(
            "1 {\"topic\":\"t\",\"event_id\":\"1\",\"message\":\"one\"}",
            "2 has 2 fields, the header has 3: t,2",
            "3 has 4 fields, the header has 3: t,3,three,more",
            "4 {\"topic\":\"t\",\"event_id\":\"4\",\"message\":\"four\"}");
  }

  @Test
  void aHeaderThatCannotBeMeantIsOneSentence() throws IOException {
    byte[] twice = "topic,when,when\nt,1,2\n".getBytes(StandardCharsets.UTF_8);
    assertThatIOException()
        .isThrownBy(() -> csv(twice, null))
        .withMessage("The header has two columns 'when'.");
    byte[] file = "topic,when\nt,1\n".getBytes(StandardCharsets.UTF_8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> csv(file, null, Map.of("When", "occurred_at")))
        .withMessage("Unknown column 'When'. Columns are: topic, when.");
    assertThatIOException().isThrownBy(() -> csv(file, null, Map.of("when", "topic")));
    byte[] latin1 = "topic,größe\nt,1\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatIOException()
        .isThrownBy(() -> csv(latin1, null))
        .withMessageStartingWith("The header is not UTF-8; --encoding");
  }

  @Test
  void linesOfNdjsonKeepTheirNumbers() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "\n{\"a\":1}\r\n \t\n{\"b\":2}");
    assertThat(rows(file, null, Map.of())).containsExactly("2 {\"a\":1}\r", "4 {\"b\":2}");
  }

  private List<String> csv(byte[] content, @Nullable Character separator) throws IOException {
    return csv(content, separator, Map.of());
  }

  private List<String> csv(
      byte[] content, @Nullable Character separator, Map<String, String> fields)
      throws IOException {
    return rows(Files.write(folder.resolve("a.csv"), content), separator, fields);
  }

  /** Returns each row with its number, and a problem before what was read. */
  private static List<String> rows(
      Path path, @Nullable Character separator, Map<String, String> fields) throws IOException {
    List<String> read = new ArrayList<>();
    try (ImportFile file = new ImportFile(path.toString(), InputStream.nullInputStream());
        ImportRows rows = file.rows(null, null, separator, fields)) {
      for (ImportRows.Row row = rows.next(); row != null; row = rows.next()) {
        String problem = row.problem() == null ? "" : row.problem() + ": ";
        read.add(row.number() + " " + problem + new String(row.json(), StandardCharsets.UTF_8));
      }
    }
    return read;
  }
}
