package dev.lastword.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object per line. */
final class ImportNdjson extends ImportRows {
  private final InputStream in;
  private long number;

  ImportNdjson(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  @Override
  @Nullable Row read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean blank = true;
    int b = in.read();
    for (; b >= 0; b = in.read()) {
      if (b == '\n') {
        number++;
        if (!blank) {
          return new Row(number, line.toByteArray(), null);
        }
        line.reset();
      } else {
        blank = blank && b <= ' ';
        line.write(b);
      }
    }
    return blank ? null : new Row(++number, line.toByteArray(), null);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
