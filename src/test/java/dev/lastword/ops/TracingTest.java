package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import com.sun.net.httpserver.HttpServer;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@Tag("once")
class TracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void collect() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        request -> {
          // Protobuf has plain strings, which is enough to search for names.
          received.add(
              new String(request.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          request.sendResponseHeaders(200, -1);
          request.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  @Test
  void aRequestBecomesASpanAndItsLogLinesCarryTheTrace() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    behindTheIds().addAppender(lines);
    try (var node =
        node(
            Map.of(
                "otel.traces.exporter", "otlp",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.exporter.otlp.endpoint",
                    "http://127.0.0.1:" + collector.getAddress().getPort(),
                "otel.bsp.schedule.delay", "50"))) {
      get(node, "/health");
      get(node, "/traced/7?key=lw_hidden&a=shown");
      await().until(() -> !received.isEmpty());
      assertThat(String.join("", received)).contains("GET /traced/{id}", "lastword", "a=shown");
    } finally {
      behindTheIds().detachAppender(lines);
    }
    assertThat(String.join("", received)).doesNotContain("/health", "lw_hidden");
    assertThat(lines.list)
        .filteredOn(line -> line.getFormattedMessage().equals("under a span"))
        .singleElement()
        .satisfies(line -> assertThat(line.getMDCPropertyMap()).containsEntry("trace_id", TRACE));
  }

  @Test
  void withoutAnExporterNothingOfItExists() throws Exception {
    try (var node = node(Map.of())) {
      assertThat(node.getApplicationContext().containsBean(Tracer.class)).isFalse();
      assertThat(node.getApplicationContext().containsBean(OpenTelemetry.class)).isFalse();
      get(node, "/traced/7");
    }
    assertThat(received).isEmpty();
  }

  private static EmbeddedServer node(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(TestDatabase.settings(TestDatabase.create()));
    all.put("micronaut.server.port", -1);
    all.put("spec.name", "TracingTest");
    return ApplicationContext.run(EmbeddedServer.class, all);
  }

  private static void get(EmbeddedServer node, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(node.getURL() + path))
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }

  /** Returns the appender that adds the ids; appenders attached to it see them. */
  @SuppressWarnings("unchecked")
  private static AppenderAttachable<ILoggingEvent> behindTheIds() {
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    return (AppenderAttachable<ILoggingEvent>) root.getAppender("traced");
  }

  @Controller
  @Requires(property = "spec.name", value = "TracingTest")
  static class Traced {
    @Get("/traced/{id}")
    @ExecuteOn(TaskExecutors.BLOCKING)
    String traced(int id, @Nullable @QueryValue String a) {
      LoggerFactory.getLogger(TracingTest.class).info("under a span");
      return "traced " + id;
    }
  }
}
