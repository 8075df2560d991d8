package dev.lastword.query;

import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Streams any number of rows, page by page.
 *
 * <p>Each page is a query of its own behind the last row of the page before, made only when the
 * client has room for it. Between pages a download holds no thread, no connection and no read view,
 * so one that is read slowly, or left standing, costs the database nothing; a result set streamed
 * by the driver would hold all three.
 */
@Singleton
class LogExport {

  // Micronaut asks for up to 32 chunks ahead of the client: this bounds what a download keeps.
  static final int PAGE = 250;

  private final Scheduler blocking;

  LogExport(@Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.blocking = Schedulers.fromExecutorService(blocking);
  }

  /** Reads the first page at once, so that a failure is still an error answer. */
  <T extends Logged> Publisher<byte[]> stream(
      LogReader<T> reader,
      LogFilter<T> filter,
      @Nullable Cursor after,
      long limit,
      LogFormat format,
      List<String> columns) {
    Part<T> first = read(reader, filter, after, limit);
    Flux<byte[]> parts =
        Flux.<byte[], Supplier<Part<T>>>generate(
            () -> () -> first,
            (next, out) -> {
              Part<T> part = next.get();
              out.next(format.encode(part.page.items()));
              Cursor behind = part.page.next();
              if (part.left == 0 || behind == null) {
                out.complete();
                return next;
              }
              return () -> read(reader, filter, behind, part.left);
            });
    // Micronaut asks for more on its event loop; subscribeOn moves that to a thread that may block.
    return Flux.concat(Flux.just(format.head(columns)), parts).subscribeOn(blocking);
  }

  private static <T extends Logged> Part<T> read(
      LogReader<T> reader, LogFilter<T> filter, @Nullable Cursor after, long limit) {
    Page<T> page = reader.page(filter, after, (int) Math.min(PAGE, limit));
    return new Part<>(page, limit - page.items().size());
  }

  private record Part<T extends Logged>(Page<T> page, long left) {}
}
