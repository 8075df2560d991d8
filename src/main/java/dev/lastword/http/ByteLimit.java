package dev.lastword.http;

/** Admits items up to a total of bytes, but the first one of any size. */
public final class ByteLimit {

  private final int most;
  private long admitted;

  public ByteLimit(int most) {
    this.most = most;
  }

  public boolean admits(long bytes) {
    if (admitted > 0 && admitted + bytes > most) {
      return false;
    }
    admitted += bytes;
    return true;
  }
}
