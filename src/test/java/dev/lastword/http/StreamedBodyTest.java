package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@MicronautTest(transactional = false)
@Property(name = "lastword.jobs.enabled", value = "false")
@Property(name = "streamed.bodies", value = "true")
class StreamedBodyTest {

  private static final int MIB = 1 << 20;
  private static final int CHUNKS = 50;

  @Controller("/bodies")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Requires(property = "streamed.bodies")
  static class Bodies {
    final AtomicInteger asked = new AtomicInteger();
    volatile AtomicBoolean ended = new AtomicBoolean();
    final CompletableFuture<byte[]> failure = new CompletableFuture<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch left = new CountDownLatch(1);

    @Get("/large")
    HttpResponse<?> large() {
      return body(
          Flux.range(0, CHUNKS)
              .map(
                  i -> {
                    asked.incrementAndGet();
                    byte[] chunk = new byte[MIB];
                    chunk[MIB - 1] = i.byteValue();
                    return chunk;
                  }));
    }

    @Get("/late")
    HttpResponse<?> late() throws InterruptedException {
      begun.countDown();
      left.await();
      return large();
    }

    @Get("/broken")
    HttpResponse<?> broken() {
      return body(Flux.just(new byte[1]).concatWith(Mono.fromFuture(failure)));
    }

    private HttpResponse<?> body(Flux<byte[]> chunks) {
      AtomicBoolean ofThisTest = ended;
      return HttpResponse.ok(new StreamedBody(chunks, () -> ofThisTest.set(true)))
          .contentType(MediaType.TEXT_CSV_TYPE);
    }
  }

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;
  @Inject Bodies bodies;

  @BeforeEach
  void begin() {
    bodies.ended = new AtomicBoolean();
  }

  @Test
  void aClientThatReadsGetsEverything() {
    byte[] body =
        http.get("/bodies/large", java.net.http.HttpResponse.BodyHandlers.ofByteArray()).body();
    assertThat(body).hasSize(CHUNKS * MIB);
    for (int i = 0; i < CHUNKS; i++) {
      assertThat(body[(i + 1) * MIB - 1]).isEqualTo((byte) i);
    }
    await().until(() -> bodies.ended.get());
  }

  /** With a publisher as the body, 32 more chunks would be requested. */
  @Test
  void aClientThatDoesNotReadCostsFewChunksBeyondTheBuffers() throws IOException {
    try (Socket socket = get("/bodies/large")) {
      socket.getInputStream().readNBytes(1);
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(30))
          .until(new Standstill()::isReached);
      assertThat(bodies.asked.getAndSet(0)).isBetween(1, 25);
    }
    await().until(() -> bodies.ended.get());
  }

  @Test
  void aBodyThatWasNeverRequestedEndsToo() throws Exception {
    try (Socket socket = get("/bodies/late")) {
      bodies.begun.await();
      socket.setSoLinger(true, 0);
    }
    bodies.left.countDown();
    await().until(() -> bodies.ended.get());
  }

  @Test
  void whatFailsEndsTheConnectionWithoutTheLastChunk() throws IOException {
    try (Socket socket = get("/bodies/broken")) {
      byte[] start = socket.getInputStream().readNBytes(12);
      assertThat(new String(start, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200");
      bodies.failure.completeExceptionally(new IllegalStateException("broken off"));
      byte[] rest = socket.getInputStream().readAllBytes();
      assertThat(new String(rest, StandardCharsets.UTF_8)).doesNotEndWith("0\r\n\r\n");
    }
    await().until(() -> bodies.ended.get());
  }

  private Socket get(String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout(30_000);
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private final class Standstill {
    private int last = -1;

    boolean isReached() {
      int now = bodies.asked.get();
      boolean same = now == last;
      last = now;
      return same;
    }
  }
}
