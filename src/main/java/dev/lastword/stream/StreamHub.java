package dev.lastword.stream;

import dev.lastword.access.Caller;
import dev.lastword.access.CallerChecks;
import dev.lastword.erasure.Erasures;
import dev.lastword.feed.Feed;
import dev.lastword.feed.FeedReader;
import dev.lastword.http.StreamedBody;
import dev.lastword.query.EventLogReader;
import dev.lastword.query.LoggedEvent;
import dev.lastword.query.SearchReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The streams of this node. A subscriber that resumes reads from the database, page by page, until
 * it reaches the window, and from the window from then on.
 */
@Singleton
class StreamHub {

  private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);

  private static final int PAST_ROWS = 100;
  private static final int PAST_BYTES = 64 << 10;

  private final LiveWindow searches;
  private final LiveWindow events;
  private final int max;
  private final ExecutorService threads;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final CallerChecks callers;
  private final Counter dropped;
  private final Erasures erasures;
  // Used by poll() alone, as is `failing`.
  private Optional<Instant> lastErasure = Optional.empty();
  private boolean failing;

  StreamHub(
      SearchReader searchReader,
      EventLogReader eventReader,
      FeedReader positions,
      JsonMapper json,
      Erasures erasures,
      CallerChecks callers,
      StreamSettings settings,
      MeterRegistry meters,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.searches =
        new LiveWindow(
            new StreamSource<>(Feed.SEARCHES, positions, searchReader, json, search -> ""),
            settings.window());
    this.events =
        new LiveWindow(
            new StreamSource<>(Feed.EVENTS, positions, eventReader, json, LoggedEvent::topic),
            settings.window());
    this.erasures = erasures;
    this.callers = callers;
    this.max = settings.readers();
    this.threads = threads;
    this.dropped =
        Counter.builder("lastword.stream.dropped")
            .description("subscribers that were too slow")
            .register(meters);
    Gauge.builder("lastword.stream.readers", open, Set::size)
        .description("subscribers of streams on this node")
        .register(meters);
  }

  LiveWindow searches() {
    return searches;
  }

  LiveWindow events() {
    return events;
  }

  /** A stream that a client receives. */
  private static final class Open {
    final Caller caller;
    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private final Sinks.Empty<Void> end = Sinks.empty();

    Open(Caller caller) {
      this.caller = caller;
    }

    void refuse(String reason) {
      refusal.set(reason);
      end.tryEmitEmpty();
    }

    /** Returns these chunks, and after a refusal instead of the rest a frame with its reason. */
    Flux<byte[]> unlessRefused(Flux<byte[]> chunks) {
      return chunks
          .takeUntilOther(end.asMono())
          .concatWith(Mono.fromSupplier(refusal::get).map(SseFrames::refused));
    }
  }

  /**
   * Opens a stream of the rows after a position.
   *
   * @throws HttpStatusException if this node, or the key on this node, has reached its limit
   */
  StreamedBody open(LiveWindow stream, StreamFilter filter, long start, Caller caller) {
    var opened = new Open(caller);
    add(opened);
    var at = new AtomicLong(start);
    return new StreamedBody(
        opened.unlessRefused(
            Flux.concat(
                Flux.just(SseFrames.hello(start)),
                StreamedBody.madeOn(threads, past(stream, filter, at)),
                live(stream, filter, at))),
        () -> open.remove(opened));
  }

  private synchronized void add(Open opened) {
    String key = opened.caller.keyId();
    long ofKey = open.stream().filter(other -> Objects.equals(other.caller.keyId(), key)).count();
    if (key != null && ofKey >= maxOfKey()) {
      throw new HttpStatusException(
          HttpStatus.TOO_MANY_REQUESTS,
          "The API key has reached its limit of %d streams on this node. Close some, or connect to another node."
              .formatted(maxOfKey()));
    }
    if (open.size() >= max) {
      throw new HttpStatusException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "This node has reached its limit of streams. Retry later, or connect to another node.");
    }
    open.add(opened);
  }

  /** Returns the number of streams that leaves half of the node to other keys. */
  private int maxOfKey() {
    return (max + 1) / 2;
  }

  /** Ends the streams whose keys, tokens or sessions have ended. */
  @Scheduled(fixedDelay = "1s")
  void checkCallers() {
    for (Open opened : open) {
      callers.refusal(opened.caller).thenAccept(refusal -> refusal.ifPresent(opened::refuse));
    }
  }

  private static Flux<byte[]> past(LiveWindow stream, StreamFilter filter, AtomicLong at) {
    return Flux.generate(
        out -> {
          if (stream.covers(at.get())) {
            out.complete();
            return;
          }
          StreamPage page = stream.source().after(at.get(), PAST_ROWS, PAST_BYTES);
          if (page.through() > at.get()) {
            at.set(page.through());
            out.next(SseFrames.of(page, filter));
          }
          if (!page.full()) {
            out.complete();
          }
        });
  }

  private Flux<byte[]> live(LiveWindow stream, StreamFilter filter, AtomicLong at) {
    return Flux.create(
        sink -> {
          var subscriber = new StreamSubscriber(stream, filter, sink, at.get(), dropped::increment);
          sink.onDispose(() -> stream.leave(subscriber));
          if (stream.join(subscriber)) {
            sink.onRequest(more -> subscriber.wake());
          } else {
            subscriber.drop();
          }
        });
  }

  @Scheduled(fixedDelay = "500ms")
  void poll() {
    try {
      List<LiveWindow> streams = List.of(searches, events);
      if (streams.stream().anyMatch(LiveWindow::isRead)) {
        forgetErased(streams);
      }
      streams.forEach(LiveWindow::poll);
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.warn("Cannot read the feed of the streams, will retry: {}", e.toString());
      }
      failing = true;
    }
  }

  /** The windows of all nodes may have rows that one of them has erased. */
  private void forgetErased(List<LiveWindow> streams) {
    Optional<Instant> last = erasures.lastFinished();
    if (!last.equals(lastErasure)) {
      lastErasure = last;
      streams.forEach(LiveWindow::forget);
    }
  }

  @Scheduled(fixedDelay = "${lastword.stream.heartbeat}")
  void beat() {
    searches.beat();
    events.beat();
  }
}
