package dev.lastword.cli;

import dev.lastword.query.LogCopy.Form;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where an export goes: a file, compressed if its name says so, or standard output. A file has its
 * name only when it is whole; until then {@code .part} follows it.
 */
final class ExportFile implements AutoCloseable {

  private final @Nullable Path file;
  private final OutputStream out;

  private ExportFile(@Nullable Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** The form that the name of a file asks for; null if it does not. */
  static @Nullable Form form(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".csv")) {
      return Form.CSV;
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") ? Form.NDJSON : null;
  }

  /** Opens it; null is standard output. */
  static ExportFile open(@Nullable Path file) throws IOException {
    if (file == null) {
      return new ExportFile(null, new BufferedOutputStream(unclosed(System.out), 1 << 16));
    }
    OutputStream bytes;
    try {
      bytes = new BufferedOutputStream(Files.newOutputStream(part(file)), 1 << 16);
    } catch (IOException e) {
      throw new IOException("%s cannot be written (%s)".formatted(file, e), e);
    }
    boolean zip = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    return new ExportFile(file, zip ? new GZIPOutputStream(bytes, 1 << 16) : bytes);
  }

  OutputStream out() {
    return out;
  }

  /** All is written. */
  void complete() throws IOException {
    out.close();
    if (file != null) {
      Files.move(part(file), file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static OutputStream unclosed(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
