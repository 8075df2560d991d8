package dev.lastword.http.connection;

import dev.lastword.http.InFlightBytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks the requests of one connection while they arrive.
 *
 * <ol>
 *   <li>If the first line or the headers of a request are longer than the codec accepts, the
 *       response is 414 or 431.
 *   <li>A body takes its Content-Length from the budget for bodies before any of it is read; each
 *       chunk of a chunked body takes its size. A compressed body takes its decompressed bytes as
 *       they appear. If the budget has less left for this sender, the response is 503. The bytes
 *       are released with the response.
 *   <li>If a request has not arrived completely within the timeout from its first byte, the
 *       response is 408.
 *   <li>If the Content-Encoding of the body is unknown, the response is 415; if the body is not
 *       compressed as stated, or truncated, 400. If its Transfer-Encoding is another than chunked,
 *       which the framework would decompress unchecked, 501.
 * </ol>
 *
 * <p>All these responses close the connection, because the rest of the request is not read.
 */
final class RequestArrivalHandler extends ChannelDuplexHandler {
  static final long MAX_BODY = 10 << 20;
  private static final String NO_SPACE = "Too many request bodies are in memory. Retry later.";
  private static final String DECOMPRESSOR = "lastword-decompressor";

  private final InFlightBytes budget;
  private final List<Sender> senders;
  private final Duration timeout;
  private @Nullable InetAddress client;
  private @Nullable Future<?> deadline;
  private boolean arriving;
  private boolean declared;
  private boolean compressed;
  private boolean refused;
  private long held;
  private List<String> holders = List.of();
  private @Nullable HttpRequest head;

  RequestArrivalHandler(InFlightBytes budget, List<Sender> senders, Duration timeout) {
    this.budget = budget;
    this.senders = senders;
    this.timeout = timeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    client =
        context.channel().remoteAddress() instanceof InetSocketAddress address
            ? address.getAddress()
            : null;
  }

  /** Returns the handler that sees the bytes before the codec. */
  ChannelInboundHandler firstByte() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        arriving = true;
        context.fireChannelRead(bytes);
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext context) {
        // Most requests arrive in one piece, and need no timer.
        if (arriving && deadline == null && !refused) {
          deadline =
              context
                  .executor()
                  .schedule(() -> timeOut(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelReadComplete();
      }
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!refused) {
      admit(context, message);
    }
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      arrived();
    }
    context.fireChannelRead(message);
  }

  /** Refuses the request if its head or its body is too large, or its encoding unknown. */
  private void admit(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      Throwable wrong = request.decoderResult().cause();
      if (wrong instanceof TooLongHttpLineException) {
        refuse(
            context,
            HttpResponseStatus.REQUEST_URI_TOO_LONG,
            "The request line is longer than 16 KiB.");
        return;
      }
      if (wrong instanceof TooLongHttpHeaderException) {
        refuse(
            context,
            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "The headers are larger than 8 KiB.");
        return;
      }
      if (wrong != null) {
        return; // the framework answers it, and it has no body
      }
      String transfer =
          String.join(",", request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
      if (!transfer.isEmpty()
          && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(transfer.strip())) {
        refuse(
            context,
            HttpResponseStatus.NOT_IMPLEMENTED,
            "Transfer-Encoding must be chunked. Use Content-Encoding for compression.");
        return;
      }
      List<String> encodings = request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
      compressed = !encodings.isEmpty();
      if (compressed && !Decompressor.knows(String.join(",", encodings).strip())) {
        refuse(
            context,
            HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
            "Content-Encoding must be one of identity, %s.".formatted(Decompressor.ENCODINGS));
        return;
      }
    }
    if (!fits(message)) {
      refuse(context, HttpResponseStatus.SERVICE_UNAVAILABLE, NO_SPACE);
    } else if (compressed && context.pipeline().get(DECOMPRESSOR) == null) {
      // Only connections that need a decompressor get one.
      context.pipeline().addAfter(context.name(), DECOMPRESSOR, decompressor(context));
    }
  }

  private Decompressor decompressor(ChannelHandlerContext context) {
    return new Decompressor(
        () ->
            refuse(
                context,
                HttpResponseStatus.BAD_REQUEST,
                "The body is not compressed as its Content-Encoding states."),
        this::take,
        () -> refuse(context, HttpResponseStatus.SERVICE_UNAVAILABLE, NO_SPACE));
  }

  private boolean fits(Object message) {
    if (message instanceof HttpRequest request) {
      head = request;
      long length = HttpUtil.getContentLength(request, -1L);
      declared = length >= 0;
      return length <= 0 || compressed || take(length);
    }
    return declared
        || compressed
        || !(message instanceof HttpContent content)
        || take(content.content().readableBytes());
  }

  private boolean take(long bytes) {
    if (held == 0) { // else they are for the same request, or one that came with it
      holders = holders();
    }
    if (bytes == 0 || !budget.take(bytes, holders)) {
      return bytes == 0;
    }
    held += bytes;
    return true;
  }

  private List<String> holders() {
    HttpRequest request = head;
    InetAddress from = client;
    return request == null || from == null
        ? List.of()
        : senders.stream()
            .map(sender -> sender.of(request, from))
            .filter(Objects::nonNull)
            .toList();
  }

  private void timeOut(ChannelHandlerContext codec) {
    if (arriving && codec.channel().isActive()) {
      refuse(
          codec.pipeline().context(this),
          HttpResponseStatus.REQUEST_TIMEOUT,
          "The request did not arrive within %d s.".formatted(timeout.toSeconds()));
    }
  }

  private void arrived() {
    arriving = false;
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void refuse(ChannelHandlerContext context, HttpResponseStatus status, String detail) {
    refused = true;
    arrived();
    String problem =
        "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(status.reasonPhrase(), status.code(), detail);
    var answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer(problem, StandardCharsets.US_ASCII));
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      answer.headers().set(HttpHeaderNames.RETRY_AFTER, 1);
    } else if (status.equals(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE)) {
      answer.headers().set(HttpHeaderNames.ACCEPT_ENCODING, Decompressor.ENCODINGS);
    }
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (refused) {
      // The response of the framework to a part of a request.
      ReferenceCountUtil.release(message);
      promise.setFailure(new ClosedChannelException());
      return;
    }
    if (message instanceof LastHttpContent) {
      release();
    }
    context.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    arrived();
    release();
    context.fireChannelInactive();
  }

  private void release() {
    budget.release(held, holders);
    held = 0;
  }
}
