package dev.lastword.query;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;

/** How many rows an answer holds. */
final class Limits {

  static final int DEFAULT = 100;
  static final int MAX = 1000;
  static final int MAX_OFFSET = 10_000;

  private Limits() {}

  static int check(int limit, int max) {
    if (limit < 1 || limit > max) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, "limit must be from 1 to " + max + ".");
    }
    return limit;
  }

  /**
   * Returns the offset of a page.
   *
   * @param page from 1
   * @param size rows of each page
   */
  static int offsetOf(int page, int size) {
    int last = MAX_OFFSET / size + 1;
    if (page < 1 || page > last) {
      throw new HttpStatusException(
          HttpStatus.BAD_REQUEST,
          "page must be from 1 to %d with this limit; next_cursor goes on beyond that."
              .formatted(last));
    }
    return (page - 1) * size;
  }

  static int checkOffset(int offset) {
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new HttpStatusException(
          HttpStatus.BAD_REQUEST,
          "offset must be from 0 to " + MAX_OFFSET + "; next_cursor goes on beyond that.");
    }
    return offset;
  }
}
