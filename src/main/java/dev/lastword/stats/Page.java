package dev.lastword.stats;

import dev.lastword.http.Parameters;
import java.util.List;

/** The part of a list that an answer has. */
public record Page(int offset, int limit) {

  /**
   * Parses parameters {@code offset} and {@code limit}.
   *
   * @param max the largest limit
   */
  public static Page parse(int offset, int limit, int max) {
    Parameters.require(
        offset >= 0 && offset <= Parameters.MAX_OFFSET,
        "offset must be from 0 to %d.".formatted(Parameters.MAX_OFFSET));
    return new Page(offset, Parameters.limit(limit, max));
  }

  /** Returns the number of rows up to the end of the page. */
  public int end() {
    return offset + limit;
  }

  /** Returns the part of a list. */
  public <T> List<T> of(List<T> all) {
    return all.subList(Math.min(offset, all.size()), Math.min(end(), all.size()));
  }
}
