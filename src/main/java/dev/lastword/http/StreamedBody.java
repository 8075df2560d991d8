package dev.lastword.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * The body of a response that is sent chunk by chunk.
 *
 * @param chunks is asked for the next chunk when the connection has taken the one before, and is
 *     cancelled when the connection closes
 * @param onEnd runs once, when the body was sent, or failed, or the client disconnected, even
 *     before the first chunk was requested
 */
public record StreamedBody(Publisher<byte[]> chunks, Runnable onEnd) {

  public StreamedBody {
    var hasEnded = new AtomicBoolean();
    Runnable once = onEnd;
    onEnd =
        () -> {
          if (!hasEnded.getAndSet(true)) {
            once.run();
          }
        };
  }

  /**
   * Returns the same chunks, generated on threads that may block.
   *
   * <p>Unlike with Reactor's scheduler of an ExecutorService, cancelling does not interrupt the
   * thread, because an interrupt would close the database connection that it is using.
   */
  public static Flux<byte[]> madeOn(Executor threads, Flux<byte[]> chunks) {
    return chunks.subscribeOn(Schedulers.fromExecutor(threads::execute));
  }

  /** Returns the response with this body; for a HEAD request without it, which ends it. */
  public MutableHttpResponse<?> answer(HttpRequest<?> request, MediaType type) {
    if (request.getMethod() == HttpMethod.HEAD) {
      onEnd.run();
    }
    return HttpResponse.ok(this).contentType(type);
  }
}
