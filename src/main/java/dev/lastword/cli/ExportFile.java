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
 * The destination of an export: a file, compressed if its name ends with {@code .gz}, or standard
 * output. Until a file is complete, its name ends with {@code .part}; if it does not become so, it
 * is deleted. Links are followed; pipes and devices are written to directly.
 */
final class ExportFile implements AutoCloseable {

  private static final int MOST_LINKS = 40;

  private final @Nullable Path file;
  private final OutputStream out;
  private boolean isComplete;

  private ExportFile(@Nullable Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** Returns the format by the name of a file; null if it is unknown. */
  static @Nullable Format format(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") ? Format.NDJSON : null;
  }

  /** Opens a file, or standard output for null. */
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
      throw new IOException("Cannot write %s (%s)".formatted(named, e), e);
    }
  }

  OutputStream out() {
    return out;
  }

  /** Completes the file. */
  void complete() throws IOException {
    out.close();
    if (file != null) {
      Files.move(part(file), file, StandardCopyOption.REPLACE_EXISTING);
    }
    isComplete = true;
  }

  /** Closes the file; deletes what there is of it unless it is complete. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      if (isComplete) {
        throw e;
      } // else the reason why it is not complete is known already
    } finally {
      if (file != null && !isComplete) {
        Files.deleteIfExists(part(file));
      }
    }
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static OutputStream buffered(OutputStream bytes, boolean zip) throws IOException {
    var buffered = new BufferedOutputStream(bytes, 1 << 16);
    return zip ? new GZIPOutputStream(buffered, 1 << 16) : buffered;
  }

  /** Returns the target of links, even if it does not exist yet. */
  private static Path target(Path named) throws IOException {
    Path file = named;
    for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(file); i++) {
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    return file;
  }

  /**
   * Returns standard output as a stream that is not closed, and reports errors, unlike PrintStream.
   */
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
          throw new IOException("Cannot write to standard output.");
        }
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
