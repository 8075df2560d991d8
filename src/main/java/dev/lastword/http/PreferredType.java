package dev.lastword.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the type of a response from {@code Accept}. */
public final class PreferredType {

  private PreferredType() {}

  /**
   * Returns the type that the client prefers to JSON.
   *
   * @param others the types that the call can answer with beside JSON
   * @return one of them, null for JSON
   */
  public static @Nullable MediaType of(HttpRequest<?> request, List<MediaType> others) {
    for (MediaType accepted : request.accept()) {
      if (MediaType.APPLICATION_JSON_TYPE.matches(accepted)) {
        return null;
      }
      for (MediaType other : others) {
        if (other.matches(accepted)) {
          return other;
        }
      }
    }
    return null;
  }
}
