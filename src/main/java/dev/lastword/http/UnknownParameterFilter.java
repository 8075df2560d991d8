package dev.lastword.http;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.web.router.MethodBasedRouteMatch;
import io.micronaut.web.router.RouteAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses unknown parameters of calls that read or delete: a mistyped {@code user=42} must not
 * return the searches of everyone, nor a mistyped {@code form=2026-01-01} erase all of a user.
 * Known are the {@link QueryValue} parameters of the method.
 */
@ServerFilter(
    value = ServerFilter.MATCH_ALL_PATTERN,
    methods = {HttpMethod.GET, HttpMethod.DELETE})
class UnknownParameterFilter {

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (RouteAttributes.getRouteMatch(request).orElse(null)
            instanceof MethodBasedRouteMatch<?, ?> route
        && route.getDeclaringType().getName().startsWith("dev.lastword.")) {
      check(request, known(route));
    }
  }

  private static void check(HttpRequest<?> request, Set<String> known) {
    for (Map.Entry<String, List<String>> given : request.getParameters()) {
      if (!known.contains(given.getKey())) {
        throw new HttpStatusException(
            HttpStatus.BAD_REQUEST,
            known.isEmpty()
                ? "Unknown parameter '%s'. This call has no parameters.".formatted(given.getKey())
                : "Unknown parameter '%s'. Use: %s."
                    .formatted(given.getKey(), String.join(", ", known)));
      }
      if (given.getValue().size() > 1) {
        throw new HttpStatusException(
            HttpStatus.BAD_REQUEST, given.getKey() + " must be given only once.");
      }
    }
  }

  private static Set<String> known(MethodBasedRouteMatch<?, ?> route) {
    Set<String> names = new TreeSet<>();
    for (Argument<?> argument : route.getArguments()) {
      if (argument.getAnnotationMetadata().hasAnnotation(QueryValue.class)) {
        names.add(ProblemErrorProcessor.name(argument));
      }
    }
    return names;
  }
}
