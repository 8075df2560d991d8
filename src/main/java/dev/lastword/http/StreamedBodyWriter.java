package dev.lastword.http;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.body.stream.BodySizeLimits;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Sends a {@link StreamedBody}.
 *
 * <p>If a controller returns a publisher, Micronaut requests 32 elements before the client has read
 * the first one. This writer requests one at a time, and sends large ones in slices, so that a
 * client that does not read costs little memory.
 */
@Singleton
class StreamedBodyWriter implements ResponseBodyWriter<StreamedBody> {

  // The connection copies each slice into memory outside the heap.
  private static final int SLICE = 16 << 10;

  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory factory,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<StreamedBody> type,
      MediaType mediaType,
      StreamedBody body) {
    ReadBufferFactory buffers = factory.readBufferFactory();
    return factory.adapt(
        Flux.from(body.chunks())
            .flatMapIterable(chunk -> slices(chunk, buffers), 1)
            .doFinally(end -> body.onEnd().run()),
        BodySizeLimits.UNLIMITED,
        response.getHeaders(),
        body.onEnd());
  }

  private static Iterable<ReadBuffer> slices(byte[] chunk, ReadBufferFactory buffers) {
    return () ->
        IntStream.iterate(0, start -> start < chunk.length, start -> start + SLICE)
            .mapToObj(start -> ByteBuffer.wrap(chunk, start, Math.min(SLICE, chunk.length - start)))
            .map(buffers::adapt)
            .iterator();
  }

  @Override
  public void writeTo(
      Argument<StreamedBody> type,
      MediaType mediaType,
      StreamedBody body,
      MutableHeaders headers,
      OutputStream out) {
    throw new UnsupportedOperationException("Sent by the server, never written to a stream");
  }
}
