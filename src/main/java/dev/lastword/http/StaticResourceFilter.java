package dev.lastword.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.exceptions.NotAllowedException;
import java.util.Set;

/** Allows only reading methods for files, which the framework would send for any method. */
@ServerFilter({"/", "/docs", "/docs/**", "/lastword.js", "/ui/**"})
class StaticResourceFilter {

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (request.getMethod() != HttpMethod.GET && request.getMethod() != HttpMethod.HEAD) {
      throw new NotAllowedException(
          request.getMethodName(), request.getUri(), Set.of("GET", "HEAD"));
    }
  }
}
