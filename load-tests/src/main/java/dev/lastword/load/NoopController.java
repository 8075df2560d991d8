package dev.lastword.load;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;

/**
 * {@code POST /noop}: takes a body and answers 202 with as many bytes as {@code /log}. What a
 * server of this kind can do at most; it is no part of the product, only of the class path of the
 * comparison.
 */
@Controller
class NoopController {
  private static final byte[] ANSWER =
      "{\"status\":\"ok\",\"accepted\":1,\"rejected\":[]}"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @Post("/noop")
  @Status(HttpStatus.ACCEPTED)
  @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  byte[] noop(@Body byte[] body) {
    return ANSWER;
  }
}
