package dev.lastword.cli;

import dev.lastword.access.Tenant;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file to import, or standard input if the name is {@code -}. */
final class ImportFile implements AutoCloseable {
  private static final Path NAMELESS = Path.of("stdin");

  private final Path path;
  private final boolean isStandardInput;
  private final Counted counted;

  /** Counts the bytes read from the file, before decompression. */
  private static final class Counted extends FilterInputStream {
    private volatile long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      bytes += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      int read = super.read(buffer, start, length);
      bytes += Math.max(0, read);
      return read;
    }
  }

  ImportFile(String name, InputStream standardInput) throws IOException {
    isStandardInput = name.equals("-");
    path = isStandardInput ? NAMELESS : Path.of(name);
    try {
      counted = new Counted(isStandardInput ? standardInput : Files.newInputStream(path));
    } catch (NoSuchFileException e) {
      throw new IOException("No such file: " + path, e);
    }
  }

  /**
   * Returns its rows.
   *
   * @param format csv or ndjson; null to choose it by the name
   * @param encoding null for UTF-8, or UTF-16 with a byte order mark
   * @param separator of CSV; null to choose it by the header
   * @param fields fields by column of CSV, for columns with another name
   */
  ImportRows rows(
      @Nullable String format,
      @Nullable Charset encoding,
      @Nullable Character separator,
      Map<String, String> fields)
      throws IOException {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean isPacked = name.endsWith(".gz");
    InputStream in = isPacked ? new GZIPInputStream(counted, 1 << 16) : counted;
    String kind =
        format != null
            ? format
            : name.replaceFirst("\\.gz$", "").endsWith(".csv") ? "csv" : "ndjson";
    return kind.equals("csv")
        ? new ImportCsv(in, encoding, separator, fields)
        : new ImportNdjson(in, encoding);
  }

  String name() {
    return path.getFileName().toString();
  }

  /** Returns the number of bytes read. */
  long done() {
    return counted.bytes;
  }

  /** Returns its size in bytes; 0 if unknown. */
  long size() throws IOException {
    return isStandardInput ? 0 : Files.size(path);
  }

  /**
   * Returns the file with the progress of the import for a tenant; null for standard input, which
   * cannot be resumed.
   */
  @Nullable Path state(Tenant tenant) {
    String suffix = tenant.id() == Tenant.DEFAULT_ID ? ".import" : "." + tenant.name() + ".import";
    return isStandardInput ? null : path.resolveSibling(path.getFileName() + suffix);
  }

  Path rejected() {
    return path.resolveSibling(path.getFileName() + ".rejected");
  }

  @Override
  public void close() throws IOException {
    counted.close();
  }
}
