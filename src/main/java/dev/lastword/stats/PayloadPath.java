package dev.lastword.stats;

import dev.lastword.http.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A path into the payload of an event.
 *
 * @param names the names of the fields, from the outermost
 */
record PayloadPath(List<String> names) {
  private static final String COLUMN = "value";
  private static final String PREFIX = "payload.";
  private static final int MAX_NAMES = 10;

  /**
   * Parses parameter {@code value}.
   *
   * @return null for column {@code value}
   */
  static @Nullable PayloadPath parse(String given) {
    if (given.equals(COLUMN)) {
      return null;
    }
    List<String> names =
        given.startsWith(PREFIX)
            ? Arrays.asList(given.substring(PREFIX.length()).split("\\.", -1))
            : List.of();
    Parameters.require(
        !names.isEmpty() && names.size() <= MAX_NAMES && names.stream().noneMatch(String::isBlank),
        "value must be value, or a path of at most %d names such as payload.timing.ms."
            .formatted(MAX_NAMES));
    return new PayloadPath(names);
  }

  /** Returns the path for {@code JSON_EXTRACT}. */
  String sql() {
    return names.stream()
        .map(name -> name.replace("\\", "\\\\").replace("\"", "\\\""))
        .collect(Collectors.joining("\".\"", "$.\"", "\""));
  }
}
