package dev.lastword.http.connection;

import dev.lastword.http.Ndjson;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites {@code Accept} as a plain list of media types, preferred ones first, before a route is
 * chosen.
 *
 * <p>The framework compares types as texts, and answers with the type as the client wrote it:
 * {@code application/*} matched nothing, {@code q=0} counted as accepted, and {@code
 * APPLICATION/JSON;q=0} became the type of the response. This class follows RFC 9110 section
 * 12.5.1: ranges stand for the types that the service has, of the ranges that match a type the most
 * specific one decides, a weight of 0 excludes, and other parameters are ignored.
 */
@ChannelHandler.Sharable
final class AcceptHeader extends ChannelInboundHandlerAdapter {
  /** The types that routes produce; of equally accepted types, the first is preferred. */
  private static final List<String> TYPES =
      List.of("application/json", Ndjson.TYPE, "text/csv", "text/event-stream", "text/plain");

  /** The type of the metrics, with a parameter that Prometheus requires. */
  private static final String METRICS = "text/plain; version=0.0.4";

  private static final String ANY = "*/*";
  private static final String NONE = "none/none";

  /** What most clients send, which is plain already. */
  private static final Set<String> USUAL =
      Set.of(ANY, "application/json", "application/json, text/plain, */*", "text/event-stream");

  private static final Pattern RANGE =
      Pattern.compile("\\s*([\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+)\\s*(;.*)?");
  private static final Pattern WEIGHT =
      Pattern.compile(";\\s*q\\s*=\\s*([01](?:\\.\\d{0,3})?)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

  private record Wish(String type, double weight) {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      List<String> given = request.headers().getAll(HttpHeaderNames.ACCEPT);
      if (!given.isEmpty() && !(given.size() == 1 && USUAL.contains(given.get(0)))) {
        String plain = plain(String.join(",", given));
        if (plain == null) {
          request.headers().remove(HttpHeaderNames.ACCEPT);
        } else {
          request.headers().set(HttpHeaderNames.ACCEPT, plain);
        }
      }
    }
    context.fireChannelRead(message);
  }

  /**
   * Returns the accepted types, without ranges unless all are accepted, and without parameters;
   * null if there are none.
   */
  static @Nullable String plain(String header) {
    Map<String, Double> ranges = new LinkedHashMap<>();
    for (String element : header.split(",")) {
      Matcher range = RANGE.matcher(element);
      if (range.matches()) {
        ranges.put(range.group(1).toLowerCase(Locale.ROOT), weight(range.group(2)));
      }
    }
    if (ranges.isEmpty()) {
      return null;
    }
    List<Wish> wishes = new ArrayList<>();
    ranges.forEach(
        (range, weight) -> {
          if (!range.contains("*")) {
            wishes.add(new Wish(range, weight));
          }
        });
    for (String type : TYPES) {
      if (!ranges.containsKey(type)) {
        String family = type.substring(0, type.indexOf('/')) + "/*";
        double weight = ranges.getOrDefault(family, ranges.getOrDefault(ANY, 0.0));
        wishes.add(new Wish(type, weight));
      }
    }
    String accepted =
        wishes.stream()
            .filter(option -> option.weight > 0)
            .sorted(Comparator.comparingDouble(Wish::weight).reversed())
            .map(option -> option.type.equals("text/plain") ? METRICS : option.type)
            .collect(Collectors.joining(","));
    if (accepted.isEmpty()) {
      return NONE;
    }
    boolean excludes = wishes.stream().anyMatch(option -> option.weight == 0);
    return ranges.getOrDefault(ANY, 0.0) > 0 && !excludes ? accepted + "," + ANY : accepted;
  }

  private static double weight(@Nullable String parameters) {
    Matcher weight = WEIGHT.matcher(parameters == null ? "" : parameters);
    return weight.find() ? Math.min(1, Double.parseDouble(weight.group(1))) : 1;
  }
}
