package dev.lastword.access;

import dev.lastword.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 401 and 403 with a problem, and counts them by reason. */
@Singleton
class AccessDeniedHandler implements ExceptionHandler<AccessDeniedException, HttpResponse<?>> {

  private final MeterRegistry meters;

  AccessDeniedHandler(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, AccessDeniedException denied) {
    meters.counter("lastword.access.denied", "reason", denied.reason()).increment();
    return Problem.of(denied.status(), denied.detail())
        .header(HttpHeaders.WWW_AUTHENTICATE, denied.challenge());
  }
}
