package dev.lastword.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.SnappyFrameDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses bodies, in place of the framework, which takes a body that was cut off as far as it
 * goes, and of several gzip members in one body the first.
 */
final class Decompressor extends HttpContentDecompressor {

  /** What {@code Content-Encoding} may be, beside {@code identity}. */
  static final String ENCODINGS = "gzip, deflate, snappy";

  // Unlimited: how much a body may be in the end is checked by the framework.
  private static final int MAX_ALLOCATION = 0;

  private final Runnable onBroken;
  // When the connection closes, the decoder must not complain, or not again.
  private boolean ending;
  private boolean broken;

  /**
   * @param onBroken answers a body that is not compressed as its header says
   */
  Decompressor(Runnable onBroken) {
    super(MAX_ALLOCATION);
    this.onBroken = onBroken;
  }

  /** Returns whether a body of this encoding can be read. */
  static boolean knows(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "identity", "gzip", "x-gzip", "deflate", "x-deflate", "snappy" -> true;
      default -> false;
    };
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
    ChannelHandler decoder = decoder(encoding);
    return decoder == null
        ? null
        : EmbeddedChannel.builder()
            .channelId(ctx.channel().id())
            .hasDisconnect(ctx.channel().metadata().hasDisconnect())
            .config(ctx.channel().config())
            .handlers(decoder)
            .build();
  }

  private @Nullable ChannelHandler decoder(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> new WholeZlib(ZlibWrapper.GZIP);
      case "deflate", "x-deflate" -> new WholeZlib(ZlibWrapper.ZLIB_OR_NONE);
      case "snappy" -> new WholeSnappy();
      default -> null;
    };
  }

  private final class WholeZlib extends JdkZlibDecoder {
    WholeZlib(ZlibWrapper wrapper) {
      super(wrapper, MAX_ALLOCATION);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      boolean ended = isClosed();
      if (!ended && !broken) {
        super.decode(context, in, out);
        return;
      }
      in.skipBytes(in.readableBytes());
      if (!broken) {
        throw new DecompressionException("There is more after its end");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      if (ending && !isClosed()) {
        throw new DecompressionException("It was cut off");
      }
    }
  }

  /** Sees a cut within a frame; one between two frames cannot be seen in this format. */
  private final class WholeSnappy extends SnappyFrameDecoder {
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
