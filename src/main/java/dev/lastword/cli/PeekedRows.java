package dev.lastword.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows of which the next one can be looked at before it is taken. */
final class PeekedRows implements ImportRows {
  private final ImportRows rows;
  private @Nullable ImportRow peeked;

  PeekedRows(ImportRows rows) {
    this.rows = rows;
  }

  @Nullable ImportRow peek() throws IOException {
    if (peeked == null) {
      peeked = rows.next();
    }
    return peeked;
  }

  @Override
  public @Nullable ImportRow next() throws IOException {
    ImportRow next = peek();
    peeked = null;
    return next;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
