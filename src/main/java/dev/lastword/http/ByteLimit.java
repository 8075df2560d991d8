package dev.lastword.http;

/** Admits items up to a total of bytes, but the first one of any size. */
public final class ByteLimit {

  private final int max;
  private long admitted;

  public ByteLimit(int max) {
    this.max = max;
  }

  public boolean admits(long bytes) {
    if (admitted > 0 && admitted + bytes > max) {
      return false;
    }
    admitted += bytes;
    return true;
  }
}
