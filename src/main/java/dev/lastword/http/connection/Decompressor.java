package dev.lastword.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.SnappyFrameDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses bodies, because the framework accepts a truncated body, and reads only the first of
 * several gzip members.
 */
final class Decompressor extends HttpContentDecompressor {

  /** The values of {@code Content-Encoding}, beside {@code identity}. */
  static final String ENCODINGS = "gzip, deflate, snappy";

  // Unlimited for one chunk of the body; more are not decompressed beyond the maximum size of a
  // body.
  private static final int MAX_ALLOCATION = 0;

  private static final Map<String, Function<Decompressor, ChannelHandler>> DECODERS =
      Map.of(
          "gzip", body -> body.new WholeZlib(ZlibWrapper.GZIP),
          "x-gzip", body -> body.new WholeZlib(ZlibWrapper.GZIP),
          "deflate", body -> body.new WholeZlib(ZlibWrapper.ZLIB_OR_NONE),
          "x-deflate", body -> body.new WholeZlib(ZlibWrapper.ZLIB_OR_NONE),
          "snappy", body -> body.new WholeSnappy());

  private final Runnable onBroken;
  private final LongPredicate space;
  private final Runnable onNoSpace;
  // Set while the end of the body is read: then the decoder must be at its end, too. To the
  // decoder, a closing connection looks the same.
  private boolean ending;
  // Whether the body is refused. A decoder that has failed is called again when the connection
  // closes.
  private boolean broken;
  private long decompressed;

  /**
   * @param onBroken answers a body that is not compressed as its header states
   * @param space takes the decompressed bytes from the budget; false if it has less left
   * @param onNoSpace answers a body for which there is no space
   */
  Decompressor(Runnable onBroken, LongPredicate space, Runnable onNoSpace) {
    super(MAX_ALLOCATION);
    this.onBroken = onBroken;
    this.space = space;
    this.onNoSpace = onNoSpace;
  }

  /** Returns whether a body of this encoding can be read. */
  static boolean knows(String encoding) {
    return encoding.equalsIgnoreCase("identity") || DECODERS.containsKey(lowerCase(encoding));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    ending = message instanceof LastHttpContent;
    try {
      super.channelRead(context, message);
    } catch (DecompressionException e) {
      broken = true;
      onBroken.run();
    } finally {
      ending = false;
    }
  }

  @Override
  protected @Nullable EmbeddedChannel newContentDecoder(String encoding) {
    var decoder = DECODERS.get(lowerCase(encoding));
    decompressed = 0;
    return decoder == null
        ? null
        : EmbeddedChannel.builder()
            .channelId(ctx.channel().id())
            .hasDisconnect(ctx.channel().metadata().hasDisconnect())
            .config(ctx.channel().config())
            .handlers(decoder.apply(this), new Counter())
            .build();
  }

  private static String lowerCase(String encoding) {
    return encoding.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether the rest of the body is of no use: it cannot be read, or the framework refuses
   * the body for its size already. It would keep the thread from other connections.
   */
  private boolean isDone() {
    return broken || decompressed > RequestArrivalHandler.MAX_BODY;
  }

  private final class Counter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      int size = ((ByteBuf) bytes).readableBytes();
      decompressed += size;
      if (broken || !space.test(size)) {
        ReferenceCountUtil.release(bytes);
        if (!broken) {
          broken = true;
          onNoSpace.run();
        }
        return;
      }
      context.fireChannelRead(bytes);
    }
  }

  private final class WholeZlib extends JdkZlibDecoder {
    WholeZlib(ZlibWrapper wrapper) {
      super(wrapper, MAX_ALLOCATION);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      if (isDone()) {
        in.skipBytes(in.readableBytes());
      } else if (isClosed()) {
        throw new DecompressionException("Data after the end");
      } else {
        super.decode(context, in, out);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      if (ending && !isClosed() && !isDone()) {
        throw new DecompressionException("It was cut off");
      }
    }
  }

  /** Sees a cut within a frame; one between two frames cannot be seen in this format. */
  private final class WholeSnappy extends SnappyFrameDecoder {
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      if (isDone()) {
        in.skipBytes(in.readableBytes());
      } else {
        super.decode(context, in, out);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      boolean cut = actualReadableBytes() > 0;
      super.channelInactive(context);
      if (ending && cut) {
        throw new DecompressionException("It was cut off");
      }
    }
  }
}
