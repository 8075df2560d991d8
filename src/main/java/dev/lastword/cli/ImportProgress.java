package dev.lastword.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * The progress of an import: all rows up to here are committed. It is kept beside the file until
 * the import is complete.
 *
 * @param rows number of rows of the file that are done
 * @param content SHA-256 of these rows, in hexadecimal digits
 * @param rejectedBytes size of the file of rejected rows
 */
record ImportProgress(
    long rows, String content, long accepted, long duplicates, long rejected, long rejectedBytes) {

  static final ImportProgress NOTHING = new ImportProgress(0, "", 0, 0, 0, 0);

  static ImportProgress read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return NOTHING;
    }
    Properties values = new Properties();
    try (Reader in = Files.newBufferedReader(path)) {
      values.load(in);
    }
    try {
      return new ImportProgress(
          number(values, "rows"),
          values.getProperty("content", ""),
          number(values, "accepted"),
          number(values, "duplicates"),
          number(values, "rejected"),
          number(values, "rejected_bytes"));
    } catch (NumberFormatException e) {
      throw new IOException(
          path + " is not the progress of an import. Delete it to start again.", e);
    }
  }

  /** Writes it atomically: after a kill, the file has the former content. */
  void write(Path path) throws IOException {
    Properties values = new Properties();
    values.setProperty("rows", Long.toString(rows));
    values.setProperty("content", content);
    values.setProperty("accepted", Long.toString(accepted));
    values.setProperty("duplicates", Long.toString(duplicates));
    values.setProperty("rejected", Long.toString(rejected));
    values.setProperty("rejected_bytes", Long.toString(rejectedBytes));
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try (Writer out = Files.newBufferedWriter(next)) {
      values.store(out, null);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static long number(Properties values, String name) {
    return Long.parseLong(values.getProperty(name, "none"));
  }
}
