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
 * Streams any number of searches, page by page.
 *
 * <p>Each page is a query of its own behind the last row of the page before, made only when the
 * client has room for it. Between pages a download holds no thread, no connection and no read view,
 * so one that is read slowly, or left standing, costs the database nothing; a result set streamed
 * by the driver would hold all three.
 */
@Singleton
class SearchExport {

  // Micronaut asks for up to 32 chunks ahead of the client: this bounds what a download keeps.
  static final int PAGE = 250;

  private final SearchReader reader;
  private final Scheduler blocking;

  SearchExport(SearchReader reader, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.reader = reader;
    this.blocking = Schedulers.fromExecutorService(blocking);
  }

  /** Reads the first page at once, so that a failure is still an error answer. */
  Publisher<byte[]> stream(
      SearchFilter filter, @Nullable Cursor after, long limit, SearchFormat format) {
    Page first = read(filter, after, limit);
    Flux<byte[]> pages =
        Flux.<byte[], Supplier<Page>>generate(
            () -> () -> first,
            (next, out) -> {
              Page page = next.get();
              out.next(format.encode(page.items));
              if (page.left == 0) {
                out.complete();
              }
              return () -> read(filter, page.last(), page.left);
            });
    // Micronaut asks for more on its event loop; subscribeOn moves that to a thread that may block.
    return Flux.concat(Flux.just(format.head()), pages).subscribeOn(blocking);
  }

  private Page read(SearchFilter filter, @Nullable Cursor after, long limit) {
    int size = (int) Math.min(PAGE, limit);
    List<LoggedSearch> items = reader.newest(filter, after, size);
    return new Page(items, items.size() < size ? 0 : limit - size);
  }

  private record Page(List<LoggedSearch> items, long left) {
    Cursor last() {
      return Cursor.of(items.get(items.size() - 1));
    }
  }
}
