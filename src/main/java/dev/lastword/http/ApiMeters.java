package dev.lastword.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times requests under the names that event APIs use. Not those of {@code /log}, which
 * come with each keystroke and have their own counters.
 */
@ServerFilter({"/events/**", "/publish/**", "/ingest/**", "/query/**", "/searches/**", "/stats/**"})
@Order(ApiMeters.ORDER)
class ApiMeters {
  /** Before any filter that refuses requests, so that these are counted, too. */
  static final int ORDER = -20;

  private static final String START = ApiMeters.class.getName();

  private final MeterRegistry meters;

  ApiMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  @RequestFilter
  void begin(HttpRequest<?> request) {
    request.setAttribute(START, System.nanoTime());
  }

  @ResponseFilter
  void end(HttpRequest<?> request, HttpResponse<?> response) {
    String method = request.getMethodName();
    // The template, not the path: the number of paths is unlimited.
    String endpoint = BasicHttpAttributes.getUriTemplate(request).orElse("other");
    meters
        .counter(
            "api.requests",
            "method",
            method,
            "endpoint",
            endpoint,
            "status_code",
            Integer.toString(response.code()))
        .increment();
    request
        .getAttribute(START, Long.class)
        .ifPresent(
            start ->
                meters
                    .timer("api.request.duration", "method", method, "endpoint", endpoint)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
  }
}
