package dev.lastword.http.connection;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves parameter {@code key} from the URL of a request to header {@value #HEADER}, before anything
 * else sees the URL: it may end up in traces, errors and logs, where a key must not be.
 */
@ChannelHandler.Sharable
public final class KeyParameter extends ChannelInboundHandlerAdapter {
  public static final String HEADER = "Lastword-Key-Parameter";

  private static final String NAME = "key";

  KeyParameter() {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      request.headers().remove(HEADER);
      int query = request.uri().indexOf('?');
      if (query >= 0) {
        move(request, query);
      }
    }
    context.fireChannelRead(message);
  }

  private static void move(HttpRequest request, int query) {
    List<String> others = new ArrayList<>();
    for (String parameter : request.uri().substring(query + 1).split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (decode(equals < 0 ? parameter : parameter.substring(0, equals)).equals(NAME)) {
        request.headers().add(HEADER, decode(equals < 0 ? "" : parameter.substring(equals + 1)));
      } else {
        others.add(parameter);
      }
    }
    if (request.headers().contains(HEADER)) {
      String path = request.uri().substring(0, query);
      request.setUri(others.isEmpty() ? path : path + "?" + String.join("&", others));
    }
  }

  /** Decodes a component; one that is not valid is no key. */
  private static String decode(String component) {
    try {
      return QueryStringDecoder.decodeComponent(component);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
