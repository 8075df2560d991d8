package dev.lastword.http;

import io.micronaut.http.HttpRequest;

/** The media type of one JSON object a line. */
public final class Ndjson {
  public static final String TYPE = "application/x-ndjson";

  private Ndjson() {}

  /**
   * @return whether the body of the request is of this type
   */
  public static boolean is(HttpRequest<?> request) {
    return request.getContentType().filter(type -> type.getName().equals(TYPE)).isPresent();
  }
}
