package dev.lastword.stream;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.feed.FeedReader;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.http.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code GET /searches/stream} and {@code /events/stream}. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class StreamController {

  private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

  private final StreamHub streams;

  StreamController(StreamHub streams) {
    this.streams = streams;
  }

  /**
   * Streams searches as they are logged, as server-sent events. The stream ends with its key.
   *
   * @param lastEventId the last id received, to resume from. A browser sends it when it reconnects.
   *     Without it, the stream begins with new rows
   * @param lastId the same, for a page that connects for the first time and cannot set a header
   */
  @Get("/searches/stream")
  @StreamDocs
  @Produces(MediaType.TEXT_EVENT_STREAM)
  HttpResponse<?> searches(
      HttpRequest<?> request,
      Caller caller,
      @Header("Last-Event-ID") @Nullable String lastEventId,
      @QueryValue("last_event_id") @Nullable String lastId) {
    return stream(
        request, caller, streams.searches(), null, lastEventId == null ? lastId : lastEventId);
  }

  /**
   * Streams events as they are stored, as server-sent events.
   *
   * @param topic events of this topic
   * @param lastEventId the last id received, to resume from. A browser sends it when it reconnects.
   *     Without it, the stream begins with new rows
   * @param lastId the same, for a page that connects for the first time and cannot set a header
   */
  @Get("/events/stream")
  @StreamDocs
  @Produces(MediaType.TEXT_EVENT_STREAM)
  HttpResponse<?> events(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String topic,
      @Header("Last-Event-ID") @Nullable String lastEventId,
      @QueryValue("last_event_id") @Nullable String lastId) {
    return stream(
        request,
        caller,
        streams.events(),
        Parameters.text("topic", topic),
        lastEventId == null ? lastId : lastEventId);
  }

  private HttpResponse<?> stream(
      HttpRequest<?> request,
      Caller caller,
      LiveWindow stream,
      @Nullable String topic,
      @Nullable String lastId) {
    FeedReader.Head head = stream.source().head();
    long start = head.last();
    if (lastId != null && !lastId.isBlank()) {
      Parameters.require(
          POSITION.matcher(lastId).matches() && Long.parseLong(lastId) <= head.last(),
          "Last-Event-ID must be an id of this stream.");
      start = Long.parseLong(lastId);
      if (start < head.dropped()) {
        return Problem.of(
            HttpStatus.GONE,
            "The rows after %d are no longer kept; the oldest id to resume from is %d. Start without an id, and read the missed rows with GET."
                .formatted(start, head.dropped()));
      }
    }
    var filter = new StreamFilter(caller.tenantId(), topic);
    return streams
        .open(stream, filter, start, caller)
        .answer(request, MediaType.TEXT_EVENT_STREAM_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        // nginx would buffer the stream.
        .header("X-Accel-Buffering", "no");
  }
}
