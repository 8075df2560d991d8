package dev.lastword.query;

import dev.lastword.http.ByteLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A buffer of encoded rows: up to a number of bytes, but the first row of any size. */
final class RowBuffer<R> implements LogReader.Sink<R> {

  private final Function<? super R, byte[]> encoding;
  private final ByteLimit limit;
  private final IntConsumer growth;
  private final List<byte[]> rows = new ArrayList<>();

  /**
   * @param max maximum number of bytes
   * @param growth receives the size of each row before it is added, and may throw an exception
   */
  RowBuffer(Function<? super R, byte[]> encoding, int max, IntConsumer growth) {
    this.encoding = encoding;
    this.limit = new ByteLimit(max);
    this.growth = growth;
  }

  @Override
  public boolean add(R row) {
    byte[] encoded = encoding.apply(row);
    if (!limit.admits(encoded.length)) {
      return false;
    }
    growth.accept(encoded.length);
    rows.add(encoded);
    return true;
  }

  List<byte[]> rows() {
    return rows;
  }

  int count() {
    return rows.size();
  }
}
