package dev.lastword.search;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.IngestErrors;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Ndjson;
import dev.lastword.http.Problem;
import dev.lastword.http.Problem.Rejection;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.serde.annotation.Serdeable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code POST /log}: takes keystrokes. The response 202 means that they are committed. */
@IngestErrors
@RequiresScope(Scope.WRITE)
@Controller
class KeystrokeController {
  static final int MAX_BYTES = 1 << 20;

  // Nearly every response is this one. Encoding it each time cost as much as reading the request.
  private static final byte[] ONE =
      "{\"status\":\"ok\",\"accepted\":1,\"rejected\":[]}".getBytes(StandardCharsets.US_ASCII);

  private static final JsonRows ROWS = new JsonRows("a keystroke");

  private final Clock clock;
  private final KeystrokeIngester ingester;

  KeystrokeController(Clock clock, KeystrokeIngester ingester) {
    this.clock = clock;
    this.ingester = ingester;
  }

  /**
   * The outcome of the keystrokes of a request.
   *
   * @param accepted number of keystrokes that are committed, or have no text
   * @param rejected the others, by their position in the request
   */
  @Serdeable
  record KeystrokeResponse(String status, int accepted, List<Rejection> rejected) {}

  /** Takes one keystroke or a batch. Never blocks, see {@link KeystrokeIngester}. */
  @Post("/log")
  @Status(HttpStatus.ACCEPTED)
  @KeystrokeDocs
  @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, Ndjson.TYPE})
  CompletableFuture<? extends HttpResponse<?>> log(
      HttpRequest<?> request, Caller caller, @Body byte[] body) {
    if (body.length > MAX_BYTES) {
      return CompletableFuture.completedFuture(
          Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "The body must be at most 1 MiB."));
    }
    try {
      KeystrokeBatch batch =
          new KeystrokeBatch(caller.tenantId(), clock.instant(), ClientTime.NEAR);
      if (Ndjson.is(request)) {
        ROWS.readLines(body, batch);
      } else {
        ROWS.readJson(body, batch);
      }
      return ingester.ingest(batch).thenApply(outcome -> answer(batch, outcome));
    } catch (InvalidBodyException e) {
      return CompletableFuture.completedFuture(Problem.of(e.status(), e.detail()));
    }
  }

  private static HttpResponse<?> answer(KeystrokeBatch batch, IngestOutcome outcome) {
    HttpResponse<?> problem =
        outcome.problem(
            "Not all keystrokes could be stored in time. Send the request again.",
            "The body contains no keystroke.");
    if (problem != null) {
      return problem;
    }
    if (batch.received() == 1) {
      return HttpResponse.accepted().contentType(MediaType.APPLICATION_JSON_TYPE).body(ONE);
    }
    return HttpResponse.accepted()
        .body(new KeystrokeResponse("ok", outcome.accepted(), outcome.rejected()));
  }
}
