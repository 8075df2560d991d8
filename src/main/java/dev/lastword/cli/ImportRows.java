package dev.lastword.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after the other. */
abstract class ImportRows implements Closeable {
  // Replaces what cannot be decoded: half of a character, which no encoding contains alone.
  private static final char UNREADABLE = '\uD800';
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int BUFFER = 1 << 16;

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

  /**
   * Decodes a text. Rows with bytes that are not of its encoding are found by {@link #problem}.
   *
   * @param encoding null for UTF-16 if the text begins with its byte order mark, else UTF-8
   * @return a reader that can be reset over 64 Ki characters
   */
  static Reader decode(InputStream in, @Nullable Charset encoding) throws IOException {
    var bytes = new BufferedInputStream(in, BUFFER);
    CharsetDecoder decoder =
        (encoding == null ? detect(bytes) : encoding)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .replaceWith(Character.toString(UNREADABLE));
    Reader text = new BufferedReader(new InputStreamReader(bytes, decoder), BUFFER);
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    return text;
  }

  private static Charset detect(BufferedInputStream bytes) throws IOException {
    bytes.mark(2);
    int first = bytes.read();
    int second = bytes.read();
    bytes.reset();
    boolean isUtf16 = first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE;
    return isUtf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  /** Returns why a text cannot be read, null if it can. */
  static @Nullable String problem(CharSequence text, @Nullable Charset encoding) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == UNREADABLE
          && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))) {
        return encoding == null
            ? "is not UTF-8; --encoding names another encoding, such as windows-1252"
            : "is not " + encoding.name() + ", the encoding given by --encoding";
      }
    }
    return null;
  }

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
