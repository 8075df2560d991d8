package dev.lastword.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The client of these tests is a trusted proxy. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.rate-limit.address", value = "5/h")
@Property(name = "lastword.rate-limit.key", value = "100/s")
@Property(name = "lastword.trusted-proxies", value = "127.0.0.1")
class AddressLimitTest {
  private static final int LIMIT = 5;

  @Inject HttpCalls http;

  private HttpResponse<String> from(String address) {
    return http.get("/searches", "X-Forwarded-For", address);
  }

  @Test
  void eachAddressMayMakeAsManyRequestsAndNoMore() {
    for (int i = 1; i <= LIMIT; i++) {
      HttpResponse<String> response = from("192.0.2.1");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("X-RateLimit-Remaining")).hasValue("" + (LIMIT - i));
    }
    HttpResponse<String> refused = from("192.0.2.1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("the limit by address is 5/h. Retry in 7")
        .doesNotContain("192.0.2");
    assertThat(refused.headers().firstValue("RateLimit-Policy")).hasValue("\"address\";q=5;w=3600");
    // Whatever the client sent itself precedes what the proxy added.
    assertThat(from("198.51.100.7, 192.0.2.1").statusCode()).isEqualTo(429);
    assertThat(from("192.0.2.2").statusCode()).isEqualTo(200);
    assertThat(http.get("/health/liveness", "X-Forwarded-For", "192.0.2.1").statusCode())
        .isEqualTo(200);
    assertThat(http.get("/metrics").body())
        .containsPattern("rate_limit_exceeded_total\\{limit=\"address\",tenant=\"\"} [2-9]");
  }

  @Test
  void aClientOfIpv6HasANetwork() {
    for (int i = 0; i < LIMIT; i++) {
      assertThat(from("2001:db8:1:2::" + i).statusCode()).isEqualTo(200);
    }
    assertThat(from("2001:db8:1:2:ffff::1").statusCode()).isEqualTo(429);
    assertThat(from("2001:db8:1:3::1").statusCode()).isEqualTo(200);
  }

  @Test
  void clientsOnThisMachineAreNotLimited() {
    for (int i = 0; i <= LIMIT; i++) {
      assertThat(http.get("/searches").statusCode()).isEqualTo(200);
    }
    assertThat(http.get("/searches").headers().firstValue("RateLimit")).isEmpty();
  }
}
