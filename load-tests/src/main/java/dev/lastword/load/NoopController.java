package dev.lastword.load;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;

/**
 * {@code POST /noop}: reads a body and answers 202 with as many bytes as {@code /log}, as an upper
 * bound for such a server. It is not in the product, but on the class path of the comparison.
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
