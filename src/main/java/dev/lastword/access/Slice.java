package dev.lastword.access;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param more whether others follow
 */
public record Slice<T>(List<T> items, boolean more) {

  /**
   * Reads a page.
   *
   * @param reader returns as many items, or fewer if there are no more
   */
  public static <T> Slice<T> read(int size, IntFunction<List<T>> reader) {
    List<T> found = reader.apply(size + 1);
    boolean more = found.size() > size;
    return new Slice<>(more ? found.subList(0, size) : found, more);
  }

  /** Returns the items as responses have them. */
  public <R> List<R> map(Function<T, R> response) {
    return items.stream().map(response).toList();
  }

  /** Returns the cursor of the next page, null on the last one. */
  public @Nullable String next(Function<T, String> cursor) {
    return more ? cursor.apply(items.get(items.size() - 1)) : null;
  }
}
