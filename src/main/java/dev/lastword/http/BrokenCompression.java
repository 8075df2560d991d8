package dev.lastword.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.netty.handler.codec.compression.DecompressionException;
import jakarta.inject.Singleton;

/** Answers a body that is not compressed as its header says. */
@Singleton
class BrokenCompression implements ExceptionHandler<DecompressionException, HttpResponse<?>> {

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, DecompressionException error) {
    return Problem.of(
        HttpStatus.BAD_REQUEST, "The body is not compressed as its Content-Encoding says.");
  }
}
