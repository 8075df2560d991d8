package dev.lastword.cli;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after the other. */
interface ImportRows extends Closeable {

  /** The next row that is not blank, or null at the end. */
  @Nullable ImportRow next() throws IOException;
}
