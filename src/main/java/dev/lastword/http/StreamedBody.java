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
 * The body of an answer that is sent chunk by chunk.
 *
 * @param chunks is asked for the next chunk when the connection has taken the one before, and is
 *     cancelled when the connection closes
 * @param onEnd runs once, when nothing of it is needed any longer: it was sent, or failed, or the
 *     client went away, even before anything was asked for
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
   * Returns the same chunks, made on threads that may block.
   *
   * <p>Nobody who cancels interrupts such a thread, as Reactor's scheduler of an ExecutorService
   * would: that closes the connection to the database which the thread is using.
   */
  public static Flux<byte[]> madeOn(Executor threads, Flux<byte[]> chunks) {
    return chunks.subscribeOn(Schedulers.fromExecutor(threads::execute));
  }

  /** Returns the answer with this body; to a HEAD request without it, which is its end. */
  public MutableHttpResponse<?> answer(HttpRequest<?> request, MediaType type) {
    if (request.getMethod() == HttpMethod.HEAD) {
      onEnd.run();
    }
    return HttpResponse.ok(this).contentType(type);
  }
}
