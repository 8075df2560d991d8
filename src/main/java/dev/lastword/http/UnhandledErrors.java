package dev.lastword.http;

import dev.lastword.database.DatabaseError;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers errors that no other handler answers: 503 if the database is unavailable, otherwise 500.
 *
 * <p>The response does not contain the cause. It has an id, which is also in the log line with the
 * stack trace.
 */
@Singleton
class UnhandledErrors implements ExceptionHandler<Throwable, HttpResponse<?>> {

  private static final Logger LOG = LoggerFactory.getLogger(UnhandledErrors.class);
  private static final Pattern GONE =
      Pattern.compile(
          "connection reset|broken pipe|connection.*(abort|clos)", Pattern.CASE_INSENSITIVE);

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, Throwable error) {
    if (clientIsGone(error)) {
      LOG.debug("Client disconnected", error);
      return HttpResponse.status(HttpStatus.BAD_REQUEST); // never sent
    }
    String id = UUID.randomUUID().toString();
    DatabaseError kind = DatabaseError.of(error);
    if (kind == DatabaseError.UNAVAILABLE || kind == DatabaseError.CONFLICT) {
      // One line, because during an outage every request comes here.
      LOG.warn(
          "{} {}: database unavailable [{}]: {}",
          request.getMethodName(),
          request.getPath(),
          id,
          DatabaseError.reason(error));
      return answer(
              HttpStatus.SERVICE_UNAVAILABLE, "Database unavailable or too busy. Retry later.", id)
          .header(HttpHeaders.RETRY_AFTER, "1");
    }
    LOG.error("{} {} failed [{}]", request.getMethodName(), request.getPath(), id, error);
    return answer(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "Internal error. See the server's log for " + id + ".",
        id);
  }

  private static MutableHttpResponse<Problem> answer(HttpStatus status, String detail, String id) {
    return HttpResponse.<Problem>status(status)
        .body(new Problem(status.getReason(), status.getCode(), detail, "urn:uuid:" + id, null))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }

  private static boolean clientIsGone(Throwable error) {
    if (error instanceof ClosedChannelException) {
      return true;
    }
    return error instanceof IOException
        && error.getMessage() != null
        && GONE.matcher(error.getMessage()).find();
  }
}
