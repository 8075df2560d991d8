package dev.lastword.http.connection;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;

/**
 * Adds the headers by which browsers restrict what can be done with a response. On the connection
 * and not in a filter, so that no response is without them, except 304, which has no content.
 *
 * <p>Strict-Transport-Security is left to the operator: browsers apply it to all ports of the host.
 */
@ChannelHandler.Sharable
final class SecurityHeaders extends ChannelOutboundHandlerAdapter {
  private static final AsciiString CONTENT_TYPE_OPTIONS =
      AsciiString.cached("x-content-type-options");
  private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");
  private static final AsciiString NO_STORE = AsciiString.cached("no-store");
  private static final AsciiString REFERRER_POLICY = AsciiString.cached("referrer-policy");
  private static final AsciiString NO_REFERRER = AsciiString.cached("no-referrer");

  /** Data: nothing in it is loaded or run, even if a browser shows it as a page. */
  private static final AsciiString OF_DATA =
      AsciiString.cached("default-src 'none'; frame-ancestors 'none'");

  /** Pages say in themselves what they load, but this they cannot say. */
  private static final AsciiString OF_PAGES = AsciiString.cached("frame-ancestors 'none'");

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    // A browser replaces the headers of the response that it has by those of a 304.
    if (message instanceof HttpResponse response
        && response.status().code() >= 200
        && !response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
      HttpHeaders headers = response.headers();
      String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
      boolean page = type != null && type.startsWith("text/html");
      headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
      headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, page ? OF_PAGES : OF_DATA);
      headers.set(REFERRER_POLICY, NO_REFERRER);
      if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, NO_STORE);
      }
    }
    context.write(message, promise);
  }
}
