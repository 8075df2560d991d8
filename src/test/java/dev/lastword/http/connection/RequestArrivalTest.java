package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests requests that do not arrive completely, or exceed the budget together. */
@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.request-timeout", value = "1s")
@Timeout(60)
class RequestArrivalTest {
  private static final int MIB = 1 << 20;

  @Inject EmbeddedServer server;
  @Inject HttpCalls calls;
  @Inject MeterRegistry meters;

  private Socket send(String text) throws IOException {
    return send(text, "127.0.0.1");
  }

  /** Sends from an address of this machine. */
  private Socket send(String text, String from) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(), server.getPort(), InetAddress.getByName(from), 0);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /lo",
        "POST /log HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n",
        "POST /log HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
        "POST /log HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
      })
  void aRequestThatDoesNotArriveIsAnsweredWith408AndItsConnectionIsClosed(String half)
      throws IOException {
    try (Socket socket = send(half)) {
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 408 ")
          .contains(
              "application/problem+json", "\"detail\":\"The request did not arrive within 1 s.\"");
    }
  }

  /** Whether the codec counts line ends depends on how the bytes arrive. */
  @ParameterizedTest
  @CsvSource({
    "'GET /searches?q=%s HTTP/1.1', 16384, 414, The request line is longer than 16 KiB.",
    "'GET /stats HTTP/1.1\\r\\nX: %s', 8192, 431, The headers are larger than 8 KiB."
  })
  void aHeadThatIsTooLargeSaysWhichPartOfIt(String part, int limit, int status, String detail)
      throws IOException {
    String head = part.replace("\\r\\n", "\r\n") + "\r\nHost: x\r\nConnection: close\r\n\r\n";
    try (Socket socket = send(head.formatted("a".repeat(limit - 64)))) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 200");
    }
    try (Socket socket = send(head.formatted("a".repeat(limit)))) {
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 " + status)
          .contains("application/problem+json", "\"detail\":\"" + detail + "\"");
    }
  }

  @Test
  void aConnectionThatIsKeptOpenBetweenRequestsIsNoRequest() throws Exception {
    String get = "GET /health/liveness HTTP/1.1\r\nHost: x\r\n";
    try (Socket socket = send(get + "\r\n")) {
      assertThat(socket.getInputStream().read()).isPositive();
      Thread.sleep(1_500); // longer than a request may take
      socket
          .getOutputStream()
          .write((get + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(socket)).contains("HTTP/1.1 200 ").doesNotContain("408");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip, chunked",
        "gzip",
        "identity",
        "chunked, chunked",
        "chunked\r\nTransfer-Encoding: gzip"
      })
  void noTransferEncodingIsTakenButChunked(String encoding) throws IOException {
    try (Socket socket =
        send(
            "POST /log HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: %s\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                .formatted(encoding))) {
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 501 ")
          .contains("application/problem+json", "Transfer-Encoding must be chunked.");
    }
  }

  @Test
  void aBodyThatIsCompressedTwiceIsRefused() throws IOException {
    try (Socket socket =
        send(
            "POST /log HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 415 ");
    }
  }

  /** A few kilobytes each that become megabytes, whose ends never come. Snappy takes too long. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void decompressedBytesExceedTheBudgetLikeAnyOthers(String encoding) throws IOException {
    byte[] body = DecompressorTest.blanks(9 * MIB, encoding);
    assertThat(body.length).isLessThan(MIB);
    byte[] head =
        "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(encoding, body.length + 100)
            .getBytes(StandardCharsets.US_ASCII);
    long budget = Runtime.getRuntime().maxMemory() / 4;
    int refused = 0;
    List<Socket> sockets = new ArrayList<>();
    try {
      for (long i = 0; i < 2 * budget / (9 * MIB); i++) {
        Socket socket = send("");
        sockets.add(socket);
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(body);
        assertThat(bytes()).isLessThanOrEqualTo(budget);
      }
      for (Socket socket : sockets) {
        String answer = answer(socket);
        assertThat(answer).containsPattern("^HTTP/1.1 (503|408) ");
        refused += answer.contains("Too many request bodies are in memory") ? 1 : 0;
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    assertThat(refused).isPositive();
    await().until(() -> bytes() == 0);
  }

  @Test
  void bodiesThatExceedTheBudgetAreRefusedAtOnceAndAffectNoOthers() throws IOException {
    String request =
        "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(10 * MIB - 1);
    // A quarter of the heap is for bodies, and half of that for one sender.
    long fit = Runtime.getRuntime().maxMemory() / 4 / 2 / (10 * MIB);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < fit; i++) {
        sockets.add(send(request));
      }
      await().until(() -> bytes() >= fit * (10L * MIB - 1));
      try (Socket tooMuch = send(request)) {
        assertThat(answer(tooMuch))
            .startsWith("HTTP/1.1 503 ")
            .containsIgnoringCase("retry-after: 1")
            .contains("\"detail\":\"Too many request bodies are in memory. Retry later.\"");
      }
      assertThat(
              calls
                  .post(
                      "/log",
                      "{\"session_id\":\"s\",\"keyword\":\"k\"}",
                      "Content-Type",
                      "application/json")
                  .statusCode())
          .isEqualTo(202);
      sockets.add(send(request, "127.0.0.2"));
      await().until(() -> bytes() >= (fit + 1) * (10L * MIB - 1));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    await().until(() -> bytes() == 0);
  }

  private double bytes() {
    return meters.get("lastword.http.body.bytes").gauge().value();
  }
}
