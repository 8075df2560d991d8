package dev.lastword.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object per line. */
final class ImportNdjson extends ImportRows {
  private final @Nullable Charset encoding;
  private final Reader text;
  private long number;

  /**
   * @param encoding see {@link #decode}
   */
  ImportNdjson(InputStream in, @Nullable Charset encoding) throws IOException {
    this.encoding = encoding;
    this.text = decode(in, encoding);
  }

  @Override
  @Nullable Row read() throws IOException {
    StringBuilder line = new StringBuilder(256);
    boolean blank = true;
    int c = text.read();
    for (; c >= 0; c = text.read()) {
      if (c == '\n') {
        number++;
        if (!blank) {
          return row(line.toString());
        }
        line.setLength(0);
      } else {
        blank = blank && c <= ' ';
        line.append((char) c);
      }
    }
    if (blank) {
      return null;
    }
    number++;
    return row(line.toString());
  }

  private Row row(String line) {
    return new Row(number, line.getBytes(StandardCharsets.UTF_8), problem(line, encoding));
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
