package dev.lastword.cli;

import dev.lastword.query.LogExporter.Format;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where an export goes: a file, compressed if its name says so, or standard output. A file has its
 * name only when it is whole; until then {@code .part} follows it. A link is followed, and what is
 * no file, such as a pipe or a device, is written to as it is.
 */
final class ExportFile implements AutoCloseable {

  private static final int MOST_LINKS = 40;

  private final @Nullable Path file;
  private final OutputStream out;

  private ExportFile(@Nullable Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** The form that the name of a file asks for; null if it does not. */
  static @Nullable Format form(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") ? Format.NDJSON : null;
  }

  /** Opens it; null is standard output. */
  static ExportFile open(@Nullable Path named) throws IOException {
    if (named == null) {
      return new ExportFile(null, new BufferedOutputStream(standardOutput(), 1 << 16));
    }
    boolean zip = named.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    try {
      if (Files.exists(named) && !Files.isRegularFile(named)) {
        OutputStream through = Files.newOutputStream(named, StandardOpenOption.WRITE);
        return new ExportFile(null, buffered(through, zip));
      }
      Path file = target(named);
      return new ExportFile(file, buffered(Files.newOutputStream(part(file)), zip));
    } catch (IOException e) {
      throw new IOException("%s cannot be written (%s)".formatted(named, e), e);
    }
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

  private static OutputStream buffered(OutputStream bytes, boolean zip) throws IOException {
    var buffered = new BufferedOutputStream(bytes, 1 << 16);
    return zip ? new GZIPOutputStream(buffered, 1 << 16) : buffered;
  }

  /** The file at the end of links, also if it is not there yet. */
  private static Path target(Path named) throws IOException {
    Path file = named;
    for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(file); i++) {
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    return file;
  }

  /** Stays open; fails if something cannot be written, which a PrintStream would keep to itself. */
  private static OutputStream standardOutput() {
    PrintStream console = System.out;
    return new FilterOutputStream(console) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        console.write(bytes, offset, length);
        flush();
      }

      @Override
      public void flush() throws IOException {
        if (console.checkError()) {
          throw new IOException("Standard output cannot be written.");
        }
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
