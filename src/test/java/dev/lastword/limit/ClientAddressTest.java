package dev.lastword.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.MutableHttpRequest;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
  private static final String PROXIES = "10.0.0.0/8, 192.0.2.9,2001:db8:ffff::/48";

  private static String address(String header, String remote, String... values) {
    MutableHttpRequest<Object> request = HttpRequest.GET("/");
    for (String value : values) {
      request.header(header, value);
    }
    return new ClientAddress(PROXIES, header)
        .of(
            new HttpRequestWrapper<Object>(request) {
              @Override
              public InetSocketAddress getRemoteAddress() {
                return new InetSocketAddress(remote, 4711);
              }
            })
        .getHostAddress();
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.1, 203.0.113.5, 198.51.100.1",
    "198.51.100.1, , 198.51.100.1",
    "10.1.2.3, , 10.1.2.3",
    "10.1.2.3, 203.0.113.5, 203.0.113.5",
    "192.0.2.9, 203.0.113.5, 203.0.113.5",
    "192.0.2.8, 203.0.113.5, 192.0.2.8",
    "10.1.2.3, '203.0.113.5, 203.0.113.6', 203.0.113.6",
    "10.1.2.3, '203.0.113.5, 10.9.9.9', 203.0.113.5",
    "10.1.2.3, '203.0.113.5,10.9.9.9 , 192.0.2.9', 203.0.113.5",
    "10.1.2.3, '10.0.0.1, 10.0.0.2', 10.0.0.1",
    "10.1.2.3, 203.0.113.5:8080, 203.0.113.5",
    "10.1.2.3, '[2001:db8::1]:8080', 2001:db8:0:0:0:0:0:1",
    "10.1.2.3, 2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "2001:db8:ffff:1::1, 203.0.113.5, 203.0.113.5",
    "10.1.2.3, '::ffff:203.0.113.5', 203.0.113.5",
    "10.1.2.3, unknown, 10.1.2.3",
    "10.1.2.3, '203.0.113.5, unknown, 10.9.9.9', 10.9.9.9",
    "10.1.2.3, localhost, 10.1.2.3",
    "10.1.2.3, '', 10.1.2.3",
    "10.1.2.3, '203.0.113.5,', 203.0.113.5",
  })
  void theLastAddressThatIsNoProxyIsThatOfTheClient(String remote, String header, String expected) {
    assertThat(
            header == null
                ? address("X-Forwarded-For", remote)
                : address("X-Forwarded-For", remote, header))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'for=203.0.113.5', 203.0.113.5",
    "'for=203.0.113.5;proto=https;by=10.1.1.1', 203.0.113.5",
    "'by=10.1.1.1; For=\"203.0.113.5:4711\"', 203.0.113.5",
    "'for=\"[2001:db8::1]\"', 2001:db8:0:0:0:0:0:1",
    "'for=\"[2001:db8::1]:4711\"', 2001:db8:0:0:0:0:0:1",
    "'for=203.0.113.5, for=10.9.9.9', 203.0.113.5",
    "'for=203.0.113.5, for=203.0.113.6', 203.0.113.6",
    "'for=_hidden', 10.1.2.3",
    "'proto=https', 10.1.2.3",
  })
  void forwardedIsReadAsRfc7239HasIt(String header, String expected) {
    assertThat(address("Forwarded", "10.1.2.3", header)).isEqualTo(expected);
  }

  @Test
  void severalHeadersAreOneList() {
    assertThat(address("X-Forwarded-For", "10.1.2.3", "203.0.113.5", "203.0.113.6, 10.0.0.1"))
        .isEqualTo("203.0.113.6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/0",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "host",
        "10.0.0",
        "::/129",
        "a,b"
      })
  void whatIsNoNetworkIsRefused(String text) {
    assertThat(RateLimits.areNetworks(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/8", "10.0.0.1", "::1", "2001:db8::/32, 10.0.0.0/1 ,"})
  void networksAreAddressesWithOrWithoutAPrefix(String text) {
    assertThat(RateLimits.areNetworks(text)).isTrue();
  }
}
