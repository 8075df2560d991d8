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
 * An error answer, {@code application/problem+json} as in RFC 9457.
 *
 * @param title the reason phrase of the status
 * @param status the HTTP status code
 * @param detail what was wrong, in words for whoever sent the request
 * @param instance names this one occurrence as {@code urn:uuid:...} where the log has more about
 *     it, else null
 * @param rejected the rows of a batch that were not taken, or null where the request had none
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
   * A row of a batch that was not taken.
   *
   * @param index its place in the request, from 0
   * @param reason what was wrong with it
   */
  @Serdeable
  public record Rejection(int index, String reason) {}

  /** The answer that carries a problem without rows. */
  public static MutableHttpResponse<Problem> of(HttpStatus status, String detail) {
    return of(status, detail, null);
  }

  /** The answer that carries a problem, with the rows that were not taken. */
  public static MutableHttpResponse<Problem> of(
      HttpStatus status, String detail, @Nullable List<Rejection> rejected) {
    return HttpResponse.<Problem>status(status)
        .body(new Problem(status.getReason(), status.getCode(), detail, null, rejected))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }
}
