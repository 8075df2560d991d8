package dev.lastword.event;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.IngestErrors;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.Ndjson;
import dev.lastword.http.Problem;
import dev.lastword.idempotency.IdempotentRequests;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.inject.Named;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /events}, {@code /publish} and {@code /ingest}: takes events. The response 202 means
 * that they are committed.
 */
@IngestErrors
@RequiresScope(Scope.WRITE)
@Controller
@Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, Ndjson.TYPE})
class EventController {
  static final int MAX_BYTES = 10 << 20;

  /**
   * Bodies up to this size are parsed on the connection's thread. That takes a millisecond; more
   * would delay the other requests of the thread.
   */
  private static final int READ_AT_ONCE = 64 << 10;

  private final EventReader reader;
  private final EventIngester ingester;
  private final IdempotentRequests idempotent;
  private final ExecutorService threads;

  EventController(
      EventReader reader,
      EventIngester ingester,
      IdempotentRequests idempotent,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.reader = reader;
    this.ingester = ingester;
    this.idempotent = idempotent;
    this.threads = threads;
  }

  @Post("/events")
  @Status(HttpStatus.ACCEPTED)
  @EventDocs
  @Operation(
      operationId = "postEvents",
      tags = "Events",
      summary = "Takes one event or a batch, each exactly once.")
  CompletableFuture<? extends HttpResponse<?>> events(
      HttpRequest<?> request,
      Caller caller,
      @Body byte[] body,
      @Nullable @QueryValue("on_duplicate") String onDuplicate,
      @Nullable @Header(IdempotentRequests.HEADER) String key) {
    return take(
        caller,
        new EventRequest(IngestEndpoint.EVENTS, Ndjson.is(request), body, onDuplicate),
        key);
  }

  @Post("/publish")
  @Status(HttpStatus.ACCEPTED)
  @EventDocs
  @Operation(
      operationId = "publishEvents",
      tags = "Events",
      summary = "Takes events from clients of a pub-sub aggregator, like POST /events.")
  CompletableFuture<? extends HttpResponse<?>> publish(
      HttpRequest<?> request,
      Caller caller,
      @Body byte[] body,
      @Nullable @QueryValue("on_duplicate") String onDuplicate,
      @Nullable @Header(IdempotentRequests.HEADER) String key) {
    return take(
        caller,
        new EventRequest(IngestEndpoint.PUBLISH, Ndjson.is(request), body, onDuplicate),
        key);
  }

  @Post("/ingest")
  @Status(HttpStatus.ACCEPTED)
  @EventDocs
  @Operation(
      operationId = "ingestEvents",
      tags = "Events",
      summary = "Takes log lines, like POST /events. A line without a topic gets the topic log.")
  CompletableFuture<? extends HttpResponse<?>> ingest(
      HttpRequest<?> request,
      Caller caller,
      @Body byte[] body,
      @Nullable @QueryValue("on_duplicate") String onDuplicate,
      @Nullable @Header(IdempotentRequests.HEADER) String key) {
    return take(
        caller,
        new EventRequest(IngestEndpoint.INGEST, Ndjson.is(request), body, onDuplicate),
        key);
  }

  private CompletableFuture<? extends HttpResponse<?>> take(
      Caller caller, EventRequest request, @Nullable String key) {
    if (request.body().length > MAX_BYTES) {
      return CompletableFuture.completedFuture(
          Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "The body must be at most 10 MiB."));
    }
    if (key != null) {
      return idempotent.once(
          caller.tenantId(),
          namespace(caller),
          key,
          request::digest,
          ids -> store(caller, request, ids));
    }
    return request.body().length <= READ_AT_ONCE
        ? store(caller, request, null)
        : CompletableFuture.supplyAsync(() -> store(caller, request, null), threads)
            .thenCompose(answer -> answer);
  }

  /** A public key must neither use up the idempotency keys of others, nor see their answers. */
  private static String namespace(Caller caller) {
    return caller.canRead() || caller.keyId() == null ? "" : caller.keyId() + ":";
  }

  private CompletableFuture<HttpResponse<?>> store(
      Caller caller, EventRequest request, @Nullable IntFunction<String> missingIds) {
    try {
      EventReader.Read read =
          reader.read(
              request.endpoint(),
              caller.tenantId(),
              caller.restrictions(),
              request.body(),
              request.lines(),
              missingIds);
      OnDuplicate otherwise =
          read.single() && read.batch().isRequest() ? OnDuplicate.CONFLICT : OnDuplicate.IGNORE;
      OnDuplicate behaviour = OnDuplicate.read(request.onDuplicate(), otherwise);
      if (behaviour == null) {
        return CompletableFuture.completedFuture(
            Problem.of(HttpStatus.BAD_REQUEST, "on_duplicate must be conflict or ignore."));
      }
      return ingester
          .ingest(read.batch(), caller.getName())
          .thenApply(result -> answer(request.endpoint(), behaviour, result, caller.canRead()));
    } catch (InvalidBodyException e) {
      return CompletableFuture.completedFuture(Problem.of(e.status(), e.detail()));
    }
  }

  private static HttpResponse<?> answer(
      IngestEndpoint endpoint, OnDuplicate behaviour, IngestResult result, boolean canRead) {
    HttpResponse<?> problem =
        result
            .outcome()
            .problem(
                "Not all events could be stored in time. Send the request again: events with an id that"
                    + " are already stored count as duplicates.",
                "The body contains no event.");
    if (problem != null) {
      return problem;
    }
    if (behaviour == OnDuplicate.CONFLICT && !result.duplicates().isEmpty()) {
      return HttpResponse.status(HttpStatus.CONFLICT)
          .body(ConflictProblem.of(result, canRead))
          .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
    }
    return HttpResponse.accepted().body(IngestResponse.of(endpoint, result));
  }
}
