package dev.lastword.query;

import dev.lastword.access.Caller;
import dev.lastword.access.CallerChecks;
import dev.lastword.http.InFlightBytes;
import dev.lastword.http.StreamedBody;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Responds with the rows of a log: pages of JSON, and downloads of any number of rows.
 *
 * <p>Each chunk of a download is a separate query that starts after the previous chunk, and runs
 * only when the client has read that. Between chunks, a download holds no thread, no connection and
 * no read view, so slow or stalled clients cost the database nothing. A result set streamed by the
 * driver would hold all three.
 *
 * <p>All responses share a budget, an eighth of the heap. A page takes the bytes of its rows until
 * the client has read them, a download a fixed amount. If the budget has less left, the response is
 * 503.
 */
@Singleton
class LogResponses {

  /** Maximum bytes of rows in a page, which ends before the row that would exceed them. */
  static final int PAGE_BYTES = 2 << 20;

  static final int CHUNK_ROWS = 250;
  static final int CHUNK_BYTES = 128 << 10;

  /**
   * Bytes that a download takes: for the chunk being sent and the next one, each with a row of
   * maximum size.
   */
  static final int DOWNLOAD_BYTES = 1 << 20;

  private static final int SHARE_OF_THE_HEAP = 8;
  private static final byte[] COMMA = {','};

  private final JsonMapper json;
  private final ExecutorService threads;
  private final InFlightBytes budget;
  private final CallerChecks callers;

  LogResponses(
      JsonMapper json,
      CallerChecks callers,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads,
      MeterRegistry meters) {
    this.json = json;
    this.callers = callers;
    this.threads = threads;
    this.budget = new InFlightBytes(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
    Gauge.builder("lastword.http.answer.bytes", budget, InFlightBytes::taken)
        .description("bytes of rows in memory, on their way to clients")
        .baseUnit("bytes")
        .register(meters);
  }

  /** Creates the JSON around the rows of a page, with an empty array in place of the rows. */
  interface Envelope {
    Object around(int count, LogReader.End end);
  }

  /** Reads the rows of a page into a sink, as long as it has space. */
  interface Reading<R> {
    LogReader.End into(LogReader.Sink<R> page);
  }

  /** Responds with a page. */
  <R> HttpResponse<?> page(HttpRequest<?> request, Reading<R> reading, Envelope envelope) {
    List<String> readers = readers(request);
    var held = new AtomicLong();
    try {
      var rows =
          new RowBuffer<R>(
              this::json,
              PAGE_BYTES,
              bytes -> {
                take(bytes, readers);
                held.addAndGet(bytes);
              });
      LogReader.End end = reading.into(rows);
      List<byte[]> parts = parts(envelope.around(rows.count(), end), rows.rows());
      return new StreamedBody(chunks(parts), () -> budget.release(held.get(), readers))
          .answer(request, MediaType.APPLICATION_JSON_TYPE)
          .contentLength(parts.stream().mapToLong(part -> part.length).sum());
    } catch (RuntimeException e) {
      budget.release(held.get(), readers);
      throw e;
    }
  }

  /** Responds with all rows, or the first {@code limit} of them. */
  <T extends LogRow> HttpResponse<?> download(
      HttpRequest<?> request,
      LogReader<T> reader,
      LogFilter<T> filter,
      Order order,
      @Nullable Cursor after,
      long limit,
      LogFormat format,
      List<String> columns) {
    Optional<Caller> caller = Caller.of(request);
    List<String> readers = readers(request);
    take(DOWNLOAD_BYTES, readers);
    try {
      // The first chunk is read at once, so that a failure is still an error response.
      Chunk first = read(reader, filter, order, after, CHUNK_ROWS, limit, format);
      Flux<byte[]> chunks =
          Flux.generate(
              () -> (Supplier<Chunk>) () -> first,
              (next, out) -> {
                Chunk chunk = next.get();
                out.next(chunk.bytes);
                Cursor end = chunk.next;
                if (chunk.left == 0 || end == null) {
                  out.complete();
                  return next;
                }
                return () -> {
                  caller.ifPresent(this::requireAccess);
                  return read(reader, filter, order, end, chunk.nextRows(), chunk.left, format);
                };
              });
      return new StreamedBody(
              StreamedBody.madeOn(threads, Flux.concat(Flux.just(format.head(columns)), chunks)),
              () -> budget.release(DOWNLOAD_BYTES, readers))
          .answer(request, format.type());
    } catch (RuntimeException e) {
      budget.release(DOWNLOAD_BYTES, readers);
      throw e;
    }
  }

  /** Ends a download whose key, token or session has ended, without its last chunk. */
  private void requireAccess(Caller caller) {
    callers
        .refusal(caller)
        .join()
        .ifPresent(
            reason -> {
              throw new HttpStatusException(HttpStatus.UNAUTHORIZED, reason);
            });
  }

  /**
   * Rows of a download.
   *
   * @param rows number of rows
   * @param next where the next chunk begins, null if there is none
   * @param left number of rows that may follow
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(byte[] bytes, int rows, @Nullable Cursor next, long left) {

    /**
     * Returns the number of rows to read next: few after large ones, because the rest would be
     * discarded.
     */
    int nextRows() {
      return bytes.length < CHUNK_BYTES / 2 ? CHUNK_ROWS : Math.min(CHUNK_ROWS, 2 * rows);
    }
  }

  private static <T extends LogRow> Chunk read(
      LogReader<T> reader,
      LogFilter<T> filter,
      Order order,
      @Nullable Cursor after,
      int max,
      long limit,
      LogFormat format) {
    var rows = new RowBuffer<T>(format::encode, CHUNK_BYTES, bytes -> {});
    LogReader.End end = reader.page(filter, order, after, 0, (int) Math.min(max, limit), rows);
    return new Chunk(
        joined(rows.rows().iterator()), rows.count(), end.next(), limit - rows.count());
  }

  /** Returns who reads: one key must not take the memory for the responses to all others. */
  private static List<String> readers(HttpRequest<?> request) {
    return Caller.of(request).map(Caller::getName).stream().toList();
  }

  private void take(int bytes, List<String> readers) {
    if (!budget.take(bytes, readers)) {
      throw new HttpStatusException(
          HttpStatus.SERVICE_UNAVAILABLE, "Too many responses are in memory. Retry later.");
    }
  }

  private List<byte[]> parts(Object envelope, List<byte[]> rows) {
    String around = new String(json(envelope), StandardCharsets.UTF_8);
    int place = around.indexOf("[]") + 1;
    List<byte[]> parts = new ArrayList<>();
    parts.add(around.substring(0, place).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        parts.add(COMMA);
      }
      parts.add(rows.get(i));
    }
    parts.add(around.substring(place).getBytes(StandardCharsets.UTF_8));
    return parts;
  }

  private static Flux<byte[]> chunks(List<byte[]> parts) {
    return Flux.generate(
        parts::iterator,
        (rest, out) -> {
          if (rest.hasNext()) {
            out.next(joined(rest));
          } else {
            out.complete();
          }
          return rest;
        });
  }

  /** Joins parts to a chunk. */
  private static byte[] joined(Iterator<byte[]> parts) {
    var chunk = new ByteArrayOutputStream();
    while (parts.hasNext() && chunk.size() < CHUNK_BYTES) {
      chunk.writeBytes(parts.next());
    }
    return chunk.toByteArray();
  }

  private byte[] json(Object value) {
    try {
      return json.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
