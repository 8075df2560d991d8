package dev.lastword.http;

/** Admits what comes up to so many bytes in all, but the first at any size. */
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
