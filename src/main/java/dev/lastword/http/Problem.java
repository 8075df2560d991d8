package dev.lastword.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error response, {@code application/problem+json} as in RFC 9457.
 *
 * @param title the reason phrase of the status
 * @param status the HTTP status code
 * @param detail what was wrong and what to do, for the client's developer
 * @param instance identifies this occurrence in the server's log as {@code urn:uuid:...}; null if
 *     the log has none
 * @param rejected the rejected rows of a batch; null if the request had no rows
 */
@Serdeable
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @Nullable List<Rejection> rejected) {

  /**
   * A rejected row of a batch.
   *
   * @param index its position in the request, from 0
   * @param reason why it was rejected
   */
  @Serdeable
  public record Rejection(int index, String reason) {}

  /** Returns the response with a problem without rows. */
  public static MutableHttpResponse<Problem> of(HttpStatus status, String detail) {
    return of(status, detail, null);
  }

  /** Returns the response with a problem and the rejected rows. */
  public static MutableHttpResponse<Problem> of(
      HttpStatus status, String detail, @Nullable List<Rejection> rejected) {
    return HttpResponse.<Problem>status(status)
        .body(new Problem(status.getReason(), status.getCode(), detail, null, rejected))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }
}
