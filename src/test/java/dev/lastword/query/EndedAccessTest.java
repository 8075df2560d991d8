package dev.lastword.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import dev.lastword.stream.StreamClient;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Streams and downloads end soon after what allowed them. */
@MicronautTest(transactional = false)
@Property(name = "lastword.stream.readers", value = "6")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndedAccessTest {
  /** So that one of its downloads does not fit the buffers of a connection. */
  private static final int MANY = 120_000;

  private static final Duration SOON = Duration.ofSeconds(6);

  @Inject HttpCalls http;
  @Inject EmbeddedServer server;
  @Inject Keys keys;
  @Inject Tenants tenants;
  @Inject Rows rows;

  private Keys.Created key;

  @BeforeAll
  void insert() {
    rows.loggedMany(MANY);
  }

  @BeforeEach
  void create() {
    key = keys.create("test", tenant(), Set.of(Scope.READ), KeyRestrictions.NONE, false, "", null);
  }

  private Tenant tenant() {
    return tenants.find(Tenant.DEFAULT).orElseThrow();
  }

  @Test
  void aStreamEndsWithItsRevokedKey() {
    try (var stream = stream("X-API-Key", key.text())) {
      keys.revoke("test", key.key());
      assertEndsSoon(stream, "The API key has been revoked.");
    }
  }

  @Test
  void aStreamEndsWithItsDeletedKey() {
    try (var stream = stream("X-API-Key", key.text())) {
      rows.execute("DELETE FROM api_key WHERE id = '%s'".formatted(key.key().id()));
      assertEndsSoon(stream, "There is no such API key.");
    }
  }

  @Test
  void aStreamEndsWithAKeyThatExpires() {
    try (var stream = stream("X-API-Key", key.text())) {
      rows.execute(
          "UPDATE api_key SET expires_at = UTC_TIMESTAMP(3) + INTERVAL 1 SECOND WHERE id = '%s'"
              .formatted(key.key().id()));
      assertEndsSoon(stream, "The API key has expired.");
    }
  }

  @Test
  void aStreamEndsWithTheScopeOfItsKey() {
    try (var stream = stream("X-API-Key", key.text())) {
      rows.execute("UPDATE api_key SET scopes = 'write' WHERE id = '%s'".formatted(key.key().id()));
      assertEndsSoon(stream, "The API key needs scope read.");
    }
  }

  @Test
  void aStreamEndsWithItsToken() {
    String token =
        http.json(
                http.post(
                    "/token",
                    "{\"expires_in\": 2}",
                    "Content-Type",
                    "application/json",
                    "X-API-Key",
                    key.text()))
            .get("access_token")
            .getStringValue();
    try (var stream = stream("Authorization", "Bearer " + token)) {
      assertEndsSoon(stream, "The token has expired. Get another one.");
    }
  }

  @Test
  void aStreamEndsWithItsSessionAndWithAllSessionsOfTheKey() {
    String one = cookie();
    String two = cookie();
    String three = cookie();
    try (var first = stream("Cookie", one);
        var second = stream("Cookie", two);
        var third = stream("Cookie", three)) {
      assertThat(http.send("DELETE", "/session", null, "Cookie", one).statusCode()).isEqualTo(204);
      assertThat(http.get("/searches?limit=1", "Cookie", one).statusCode()).isEqualTo(401);
      assertThat(http.get("/searches?limit=1", "Cookie", two).statusCode()).isEqualTo(200);
      assertEndsSoon(first, "The session has ended. Begin another one.");
      assertThat(http.send("DELETE", "/session?all=true", null, "Cookie", two).statusCode())
          .isEqualTo(204);
      assertThat(http.get("/searches?limit=1", "Cookie", three).statusCode()).isEqualTo(401);
      assertEndsSoon(second, "The session has ended. Begin another one.");
      assertEndsSoon(third, "The session has ended. Begin another one.");
    }
  }

  @Test
  void aDownloadEndsWithItsKeyAndDoesNotLookComplete() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("GET /searches HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\nX-API-Key: %s\r\n\r\n")
                  .formatted(key.text())
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readNBytes(1_000);
      keys.revoke("test", key.key());
      Instant revoked = Instant.now();
      while (http.get("/searches?limit=1", "X-API-Key", key.text()).statusCode() != 401) {
        assertThat(Duration.between(revoked, Instant.now())).isLessThan(SOON);
      }
      String rest = rest(socket);
      assertThat(rest).contains("keyword").doesNotEndWith("0\r\n\r\n");
      assertThat(rest.lines().count()).isLessThan(MANY);
    }
  }

  @Test
  void aKeyLeavesHalfOfTheStreamsToOthers() {
    List<StreamClient> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        streams.add(stream("X-API-Key", key.text()));
      }
      HttpResponse<String> refused = http.get("/events/stream", "X-API-Key", key.text());
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("limit of 3 streams");
      create();
      streams.add(stream("X-API-Key", key.text()));
    } finally {
      streams.forEach(StreamClient::close);
    }
  }

  private StreamClient stream(String header, String value) {
    return StreamClient.open(server.getURI(), "/events/stream", null, header, value);
  }

  private String cookie() {
    String cookie =
        http.post("/session", "", "X-API-Key", key.text())
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static void assertEndsSoon(StreamClient stream, String reason) {
    Instant start = Instant.now();
    List<StreamClient.Frame> frames = new ArrayList<>();
    for (var frame = stream.next(); frame != null; frame = stream.next()) {
      frames.add(frame);
    }
    StreamClient.Frame last = frames.get(frames.size() - 1);
    assertThat(last.event()).isEqualTo("dropped");
    assertThat(last.data()).isEqualTo("{\"reason\":\"" + reason + "\"}");
    assertThat(Duration.between(start, Instant.now())).isLessThan(SOON);
  }

  private static String rest(Socket socket) {
    var text = new StringBuilder();
    byte[] buffer = new byte[64 << 10];
    try {
      for (int read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // the server closed the connection, as it must
    }
    return text.toString();
  }
}
