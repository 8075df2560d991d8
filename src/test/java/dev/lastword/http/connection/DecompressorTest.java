package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.JdkZlibEncoder;
import io.netty.handler.codec.compression.SnappyFrameEncoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class DecompressorTest {
  private static final int CHUNK = 8 << 10;
  private static final int BOMB = 30 << 20;

  /** The rest would keep the thread from other connections for seconds. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void aBombIsNotDecompressedBeyondTheMaximumSizeOfABody(String encoding) {
    var broken = new AtomicInteger();
    var channel =
        new EmbeddedChannel(new Decompressor(broken::incrementAndGet, any -> true, () -> {}));
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/events");
    request.headers().set("Content-Encoding", encoding);
    channel.writeInbound(request);
    ByteBuf body = compressed(encoding);
    assertThat(body.readableBytes()).isLessThan(BOMB / 10);
    long decompressed = 0;
    while (body.isReadable()) {
      ByteBuf chunk = body.readRetainedSlice(Math.min(CHUNK, body.readableBytes()));
      channel.writeInbound(new DefaultHttpContent(chunk));
      decompressed += read(channel);
    }
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    decompressed += read(channel);
    body.release();
    channel.finishAndReleaseAll();
    // A chunk of 8 KiB may become a thousand times as large.
    assertThat(decompressed)
        .isBetween(RequestArrivalHandler.MAX_BODY + 1, 2 * RequestArrivalHandler.MAX_BODY);
    assertThat(broken).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void aBodyIsNotDecompressedBeyondTheBudget(String encoding) {
    var broken = new AtomicInteger();
    var refused = new AtomicInteger();
    var left = new AtomicLong(9 << 20);
    var channel =
        new EmbeddedChannel(
            new Decompressor(
                broken::incrementAndGet,
                bytes -> left.addAndGet(-bytes) >= 0,
                refused::incrementAndGet));
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/events");
    request.headers().set("Content-Encoding", encoding);
    channel.writeInbound(request);
    ByteBuf body = compressed(encoding);
    long decompressed = 0;
    while (body.isReadable()) {
      ByteBuf chunk = body.readRetainedSlice(Math.min(CHUNK, body.readableBytes()));
      channel.writeInbound(new DefaultHttpContent(chunk));
      decompressed += read(channel);
    }
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    body.release();
    channel.finishAndReleaseAll();
    assertThat(decompressed).isLessThanOrEqualTo(9 << 20);
    assertThat(refused).hasValue(1);
    assertThat(broken).hasValue(0);
  }

  /** Returns compressed blanks. */
  static byte[] blanks(int size, String encoding) {
    byte[] blanks = new byte[size];
    Arrays.fill(blanks, (byte) ' ');
    return ByteBufUtil.getBytes(compressed(encoding, blanks));
  }

  private static ByteBuf compressed(String encoding) {
    return compressed(encoding, new byte[BOMB]);
  }

  private static ByteBuf compressed(String encoding, byte[] content) {
    var encoder =
        new EmbeddedChannel(
            switch (encoding) {
              case "gzip" -> new JdkZlibEncoder(ZlibWrapper.GZIP);
              case "deflate" -> new JdkZlibEncoder(ZlibWrapper.ZLIB);
              default -> new SnappyFrameEncoder();
            });
    encoder.writeOutbound(Unpooled.wrappedBuffer(content));
    encoder.finish();
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private static long read(EmbeddedChannel channel) {
    long size = 0;
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpContent content) {
        size += content.content().readableBytes();
        content.release();
      }
    }
    return size;
  }
}
