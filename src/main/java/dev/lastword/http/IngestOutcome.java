package dev.lastword.http;

import dev.lastword.http.Problem.Rejection;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an ingest request.
 *
 * @param accepted number of rows that are new and committed, or have nothing to store
 * @param duplicates number of rows that were stored before
 * @param rejected the rows that are not valid, or that the database refused
 * @param unconfirmed positions of the rows to send again, because the database did not confirm them
 */
public record IngestOutcome(
    int accepted, int duplicates, List<Rejection> rejected, List<Integer> unconfirmed) {

  /**
   * Returns the error to answer with: 503 if a row is unconfirmed, 400 if none is good.
   *
   * @param retry the detail of the 503
   * @param empty the detail of the 400 to a request without rows
   * @return null if the request was successful
   */
  public @Nullable MutableHttpResponse<Problem> problem(String retry, String empty) {
    if (!unconfirmed.isEmpty()) {
      return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, retry).header(HttpHeaders.RETRY_AFTER, "1");
    }
    if (accepted + duplicates == 0) {
      return Problem.of(
          HttpStatus.BAD_REQUEST,
          rejected.isEmpty() ? empty : "Rejected: " + rejected.get(0).reason() + ".",
          rejected);
    }
    return null;
  }
}
