package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that try to take all the memory for bodies, from as many addresses as they like. */
@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.trusted-proxies", value = "127.0.0.1")
@Property(name = "lastword.request-timeout", value = "20s")
@Timeout(60)
class SharesOfBodiesTest {
  private static final int BODY = (10 << 20) - 1;

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;
  @Inject MeterRegistry meters;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private final List<Socket> sockets = new ArrayList<>();
  private final long half = Runtime.getRuntime().maxMemory() / 4 / 2;
  private String page = "";
  private String shop = "";

  @BeforeEach
  void create() {
    page = key(false);
    shop = key(false);
    await().until(() -> type("none") == 401);
    // They are in memory once they were used.
    for (String key : List.of(page, shop)) {
      assertThat(type(key)).isEqualTo(202);
    }
  }

  private String key(boolean signs) {
    return keys.create(
            "test",
            tenants.find(Tenant.DEFAULT).orElseThrow(),
            EnumSet.of(Scope.WRITE),
            KeyRestrictions.NONE,
            signs,
            "",
            null)
        .text();
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    await().until(() -> bytes() == 0);
  }

  private int type(String key) {
    return http.post(
            "/log",
            "{\"session_id\":\"s\",\"keyword\":\"k\"}",
            "Content-Type",
            "application/json",
            "X-API-Key",
            key,
            "X-Forwarded-For",
            "203.0.113.200")
        .statusCode();
  }

  private double bytes() {
    return meters.get("lastword.http.body.bytes").gauge().value();
  }

  /** Sends the head of a request whose body never comes. */
  private Socket send(String header, int address) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    sockets.add(socket);
    socket.setSoTimeout(20_000);
    String head =
        "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\nX-Forwarded-For: 203.0.113.%d\r\n%s\r\n\r\n"
            .formatted(BODY, address, header);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Sends heads, each from another address, until no more bodies are taken. */
  private void fill(String header) throws IOException {
    for (int i = 0; i < 2 * half / BODY + 2; i++) {
      send(header, i);
    }
    Socket last = sockets.get(sockets.size() - 1);
    assertThat(new String(last.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 503 ");
    assertThat(bytes()).isBetween(half - (double) BODY, (double) half);
  }

  @Test
  void aKeyLeavesHalfOfTheMemoryToOthers() throws IOException {
    fill("X-API-Key: " + page);
    assertThat(type(shop)).isEqualTo(202);
  }

  /** The body has to arrive before its signature can be checked. */
  @Test
  void inventedSignaturesLeaveHalfOfTheMemoryToOthers() throws IOException {
    String signing = key(true);
    String authorization =
        "HMAC-SHA256 %s:%d:%s"
            .formatted(signing.substring(3, 15), Instant.now().getEpochSecond(), "0".repeat(64));
    assertThat(http.post("/log", "[]", "Authorization", authorization).statusCode()).isEqualTo(401);
    fill("Authorization: " + authorization);
    assertThat(type(shop)).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-API-Key: lw_4k2m9x7qpz3d_invented", "X-Nothing: 1"})
  void whatIsRefusedHoldsNothing(String header) throws IOException {
    Socket socket = send(header, 1);
    assertThat(socket.getInputStream().readNBytes(12))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("HTTP/1.1 401");
    await().until(() -> bytes() == 0);
  }
}
