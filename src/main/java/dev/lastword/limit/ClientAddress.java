package dev.lastword.limit;

import dev.lastword.row.Text;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of the client of a request.
 *
 * <ol>
 *   <li>It is that of the connection, unless this is one of the trusted proxies.
 *   <li>A trusted proxy adds the address of its own client at the end of a header. From there on,
 *       the last address that is not one of a trusted proxy is that of the client; whatever
 *       precedes it was sent by the client, and may be invented.
 *   <li>An address that cannot be read counts as that of the proxy that sent it.
 * </ol>
 */
@Singleton
class ClientAddress {
  private static final Pattern FORWARDED_FOR =
      Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^\";]*)\"?");
  private static final Pattern WITH_PORT = Pattern.compile("\\[(.*)\\](?::\\d+)?|([0-9.]+):\\d+");
  private static final int ANY_PORT = 0;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final List<IpSubnetFilterRule> trusted;
  private final String header;

  /**
   * @param proxies addresses and networks of trusted proxies, separated by commas
   * @param header X-Forwarded-For or Forwarded, whichever the proxies set
   */
  ClientAddress(
      @Value("${lastword.trusted-proxies}") String proxies,
      @Value("${lastword.client-address-header}") String header) {
    this.trusted = networks(proxies);
    this.header = header;
  }

  /**
   * Parses networks.
   *
   * @throws IllegalArgumentException if one is not an address or a network such as 10.0.0.0/8
   */
  static List<IpSubnetFilterRule> networks(String list) {
    return Text.elements(list).map(ClientAddress::network).toList();
  }

  private static IpSubnetFilterRule network(String text) {
    String[] parts = text.split("/", 2);
    InetAddress address = parse(parts[0]);
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    int bits = address.getAddress().length * Byte.SIZE;
    int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
    if (prefix == 0) {
      // Then each client could choose its address.
      throw new IllegalArgumentException(text);
    }
    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
  }

  InetAddress of(HttpRequest<?> request) {
    return of(request.getRemoteAddress().getAddress(), request.getHeaders()::getAll);
  }

  /**
   * @param connected the other end of the connection
   * @param headers returns the values of a header
   */
  InetAddress of(InetAddress connected, Function<String, List<String>> headers) {
    if (!isTrusted(connected)) {
      return connected;
    }
    List<String> hops = new ArrayList<>();
    headers.apply(header).forEach(value -> hops.addAll(Arrays.asList(value.split(","))));
    Collections.reverse(hops);
    InetAddress client = connected;
    for (String hop : hops) {
      InetAddress address = parse(text(hop));
      if (address == null) {
        return client;
      }
      client = address;
      if (!isTrusted(address)) {
        return client;
      }
    }
    return client;
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(network -> matches(network, address));
  }

  static boolean matches(IpSubnetFilterRule network, InetAddress address) {
    return network.matches(new InetSocketAddress(address, ANY_PORT));
  }

  /** Returns the address of an element of the header, without its port. */
  private static String text(String element) {
    String text = element.strip();
    Matcher field = FORWARDED_FOR.matcher(text);
    if (field.find()) {
      text = Objects.requireNonNull(field.group(1)).strip();
    }
    Matcher parts = WITH_PORT.matcher(text);
    if (!parts.matches()) {
      return text;
    }
    return parts.group(1) != null ? parts.group(1) : parts.group(2);
  }

  /** Returns null if it is not an address; names are not looked up. */
  private static @Nullable InetAddress parse(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Returns the network that one client has: an address of IPv4, or 64 bits of IPv6. */
  static String network(InetAddress client) {
    byte[] bytes = client.getAddress();
    if (client instanceof Inet6Address) {
      Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
    }
    return HexFormat.of().formatHex(bytes);
  }
}
