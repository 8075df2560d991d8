package dev.lastword.http;

/**
 * Finds the ends of JSON values by brackets and quotation marks alone, even of values that are not
 * valid or too large for a parser.
 */
final class JsonScan {

  /** Returned in place of the byte after the last one. */
  static final int END = -1;

  private final byte[] body;
  private int at;

  JsonScan(byte[] body, int start) {
    this.body = body;
    this.at = start;
  }

  byte[] body() {
    return body;
  }

  int position() {
    return at;
  }

  /** Advances to the next byte that is not blank, and returns it. */
  int next() {
    while (at < body.length && isBlank(body[at])) {
      at++;
    }
    return at < body.length ? body[at] : END;
  }

  /** Skips one byte. */
  void skip() {
    at++;
  }

  /** Returns the first byte in the array that begins here, without advancing. */
  int firstOfArray() {
    var ahead = new JsonScan(body, at + 1);
    return ahead.next();
  }

  /**
   * Skips the value that begins here.
   *
   * @return false if the text ends within it
   */
  boolean skipValue() {
    int depth = 0;
    while (at < body.length) {
      byte b = body[at];
      if (depth == 0 && (b == ',' || b == ']' || b == '}')) {
        return true;
      }
      if (b == '"') {
        if (!skipString()) {
          return false;
        }
        continue;
      }
      at++;
      if (b == '{' || b == '[') {
        depth++;
      } else if ((b == '}' || b == ']') && --depth == 0) {
        return true;
      }
    }
    return false;
  }

  private boolean skipString() {
    for (at++; at < body.length; at++) {
      if (body[at] == '\\') {
        at++;
      } else if (body[at] == '"') {
        at++;
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
