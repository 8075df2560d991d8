package dev.lastword.cli;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after the other. */
abstract class ImportRows implements Closeable {

  /**
   * A row of a file.
   *
   * @param number its number, from 1; the header of CSV does not count
   * @param json one JSON object, without line breaks; of a row with a problem, what was read of it
   * @param problem the reason why the row cannot be read, null if it can
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(long number, byte[] json, @Nullable String problem) {}

  private @Nullable Row peeked;

  /** Reads the next row that is not blank; null at the end. */
  abstract @Nullable Row read() throws IOException;

  /** Returns the next row without taking it; null at the end. */
  final @Nullable Row peek() throws IOException {
    if (peeked == null) {
      peeked = read();
    }
    return peeked;
  }

  /** Takes the next row; null at the end. */
  final @Nullable Row next() throws IOException {
    Row next = peek();
    peeked = null;
    return next;
  }
}
