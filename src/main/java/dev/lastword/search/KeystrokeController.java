package dev.lastword.search;

import dev.lastword.access.Tenant;
import dev.lastword.commit.GroupCommit;
import dev.lastword.commit.RejectedRowException;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem;
import dev.lastword.http.Problem.Rejection;
import io.micronaut.http.HttpHeaders;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** {@code POST /log}: keystrokes come in. The answer 202 means that they are committed. */
@Controller
class KeystrokeController {
  static final int MAX_BYTES = 1 << 20;
  static final String NDJSON = "application/x-ndjson";

  // Nearly every answer is this one; writing it anew cost as much as reading the request.
  private static final byte[] ONE =
      "{\"status\":\"ok\",\"accepted\":1,\"rejected\":[]}".getBytes(StandardCharsets.US_ASCII);

  private static final JsonRows ROWS = new JsonRows("a keystroke");

  private final Clock clock;
  private final GroupCommit<Keystroke> lanes;
  private final KeystrokeMeters meters;

  KeystrokeController(Clock clock, GroupCommit<Keystroke> lanes, KeystrokeMeters meters) {
    this.clock = clock;
    this.lanes = lanes;
    this.meters = meters;
  }

  /**
   * What became of the keystrokes of a request.
   *
   * @param accepted how many are committed, or carried no text
   * @param rejected the others, by their place in the request
   */
  @Serdeable
  record KeystrokeResponse(String status, int accepted, List<Rejection> rejected) {}

  /** Takes one keystroke or a batch. Never blocks: the lanes complete the answer. */
  @Post("/log")
  @Status(HttpStatus.ACCEPTED)
  @KeystrokeDocs
  @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, NDJSON})
  CompletableFuture<? extends HttpResponse<?>> log(HttpRequest<?> request, @Body byte[] body) {
    if (body.length > MAX_BYTES) {
      return CompletableFuture.completedFuture(
          Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "the body must be at most 1 MiB"));
    }
    try {
      KeystrokeBatch batch =
          new KeystrokeBatch(Tenant.DEFAULT_ID, clock.instant(), ClientTime.NEAR);
      if (isLines(request)) {
        ROWS.readLines(body, batch);
      } else {
        ROWS.readJson(body, batch);
      }
      meters.read(batch);
      return stage(batch);
    } catch (InvalidBodyException e) {
      return CompletableFuture.completedFuture(Problem.of(e.status(), e.detail()));
    }
  }

  private static boolean isLines(HttpRequest<?> request) {
    return request.getContentType().filter(type -> type.getName().equals(NDJSON)).isPresent();
  }

  private CompletableFuture<? extends HttpResponse<?>> stage(KeystrokeBatch batch) {
    List<CompletableFuture<Void>> commits =
        lanes.addAll(batch.keystrokes(), keystroke -> keystroke.key().bucket());
    CompletableFuture<Void> all =
        commits.size() == 1
            ? commits.get(0)
            : CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new));
    return all.handle((done, error) -> answer(batch, commits));
  }

  private HttpResponse<?> answer(KeystrokeBatch batch, List<CompletableFuture<Void>> commits) {
    List<Rejection> rejected = new ArrayList<>(batch.rejected());
    int unconfirmed = 0;
    for (int i = 0; i < commits.size(); i++) {
      Throwable error = error(commits.get(i));
      if (error instanceof RejectedRowException) {
        rejected.add(new Rejection(batch.index(i), String.valueOf(error.getMessage())));
      } else if (error != null) {
        unconfirmed++;
      }
    }
    int refused = rejected.size() - batch.rejected().size();
    meters.answered(commits.size() - refused - unconfirmed, refused, unconfirmed);
    if (unconfirmed > 0) {
      return Problem.of(
              HttpStatus.SERVICE_UNAVAILABLE,
              "not all keystrokes could be stored in time; send them again")
          .header(HttpHeaders.RETRY_AFTER, "1");
    }
    if (rejected.size() == batch.received()) {
      return Problem.of(
          HttpStatus.BAD_REQUEST,
          rejected.isEmpty() ? "there is no keystroke in the body" : rejected.get(0).reason(),
          rejected);
    }
    if (batch.received() == 1) {
      return HttpResponse.accepted().contentType(MediaType.APPLICATION_JSON_TYPE).body(ONE);
    }
    return HttpResponse.accepted()
        .body(new KeystrokeResponse("ok", batch.received() - rejected.size(), rejected));
  }

  private static @Nullable Throwable error(CompletableFuture<Void> commit) {
    if (!commit.isCompletedExceptionally()) {
      return null;
    }
    try {
      commit.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }
}
