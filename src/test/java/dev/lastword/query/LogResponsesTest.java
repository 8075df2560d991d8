package dev.lastword.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.HttpCalls;
import dev.lastword.http.Ndjson;
import dev.lastword.http.StreamedBody;
import dev.lastword.http.TimeRange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Tests large responses: they are cut, share a budget, and hold no connection. */
@MicronautTest(transactional = false)
@Property(name = "lastword.jobs.enabled", value = "false")
class LogResponsesTest {

  private static final int MANY = 40;
  // Bytes of a payload; MySQL's sort buffer has space for a single one.
  private static final int LARGE = 180_000;

  private static final EventFilter ALL =
      new EventFilter(1, null, null, null, null, null, null, new TimeRange(null, null));

  @Inject HttpCalls http;
  @Inject Rows rows;
  @Inject LogResponses answers;
  @Inject EventLogReader events;
  @Inject CsvFormat csv;
  @Inject MeterRegistry meters;

  private final List<StreamedBody> held = new ArrayList<>();

  @BeforeEach
  void insert() {
    rows.clear();
    for (int i = 0; i < MANY; i++) {
      rows.event(i, "m" + i, "2025-10-12 00:00:%02d".formatted(i / 2));
      if (i % 4 != 0) {
        rows.execute(
            "UPDATE event_log SET payload = JSON_OBJECT('text', REPEAT('漢', ?)) WHERE id = ?",
            LARGE / 3,
            i);
      }
    }
  }

  @AfterEach
  void release() {
    held.forEach(body -> body.onEnd().run());
    assertThat(meters.get("lastword.http.answer.bytes").gauge().value()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&from=2025-10-12", "&topic=t", "&level=INFO", "&q=%E6%BC%A2"})
  void pagesEndBeforeTheyAreTooLargeAndTheCursorContinues(String filter) {
    rows.execute("UPDATE event_log SET level = 'INFO'");
    List<Integer> ids = new ArrayList<>();
    int pages = 0;
    for (@Nullable String cursor = ""; cursor != null; pages++) {
      var answer = http.get("/events?limit=1000" + filter + cursor);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0))
          .isBetween(1L, LogResponses.PAGE_BYTES + 1_000L);
      JsonNode page = http.json(answer);
      assertThat(page.get("count").getIntValue()).isEqualTo(page.get("items").size());
      page.get("items").values().forEach(item -> ids.add(id(item)));
      JsonNode next = page.get("next_cursor");
      cursor = next.isNull() ? null : "&cursor=" + next.getStringValue();
    }
    List<Integer> expected =
        IntStream.range(0, MANY)
            .map(i -> MANY - 1 - i)
            .filter(i -> !filter.contains("q=") || i % 4 != 0)
            .boxed()
            .toList();
    assertThat(ids).isEqualTo(expected);
    assertThat(pages).isBetween(3, 4);
  }

  private static int id(JsonNode item) {
    return Integer.parseInt(item.get("id").getStringValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {MediaType.TEXT_CSV, Ndjson.TYPE})
  void downloadsHoldAllOfThem(String type) {
    String body = http.get("/events", "Accept", type).body();
    assertThat(body.lines().filter(line -> line.contains("漢漢漢"))).hasSize(MANY * 3 / 4);
    assertThat(body.codePoints().filter(c -> c == '漢')).hasSize(MANY * 3 / 4 * LARGE / 3);
  }

  @Test
  void aRowThatExceedsAPageIsAPage() {
    rows.clear();
    for (int i = 0; i < 2; i++) {
      rows.event(i, "m" + i, "2025-10-12");
      rows.execute(
          "UPDATE event_log SET payload = JSON_OBJECT('text', REPEAT('x', ?)) WHERE id = ?",
          LogResponses.PAGE_BYTES,
          i);
    }
    JsonNode page = http.json(http.get("/events"));
    assertThat(page.get("items").size()).isEqualTo(1);
    assertThat(page.get("next_cursor").isNull()).isFalse();
  }

  @Test
  void withoutMemoryForMoreAnswersTheNextIsRefusedUntilOneIsRead() {
    long budget = Runtime.getRuntime().maxMemory() / 8;
    holdUntilRefused(budget / LogResponses.PAGE_BYTES + 5, this::page);
    holdUntilRefused(5, this::download);
    assertThat(meters.get("lastword.http.answer.bytes").gauge().value())
        .isBetween((double) budget - LogResponses.DOWNLOAD_BYTES, (double) budget);
    for (String type : List.of("application/json", MediaType.TEXT_CSV)) {
      var refused = http.get("/events", "Accept", type);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
    held.remove(0).onEnd().run();
    assertThat(http.get("/events").statusCode()).isEqualTo(200);
  }

  private void holdUntilRefused(long most, Supplier<HttpResponse<?>> answer) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < most; i++) {
                held.add((StreamedBody) Objects.requireNonNull(answer.get().body()));
              }
            })
        .isInstanceOf(HttpStatusException.class)
        .hasMessageContaining("Too many responses are in memory");
  }

  private HttpResponse<?> page() {
    return answers.<LoggedEvent>page(
        HttpRequest.GET("/events"),
        page -> events.page(ALL, Order.NEWEST, null, 0, 1_000, page),
        (count, end) -> EventPage.around(1, count, end, false));
  }

  private HttpResponse<?> download() {
    return download(csv);
  }

  private HttpResponse<?> download(LogFormat format) {
    return answers.download(
        HttpRequest.GET("/events"),
        events,
        ALL,
        Order.NEWEST,
        null,
        Long.MAX_VALUE,
        format,
        List.of());
  }

  @Test
  void aHeadRequestHoldsNoMemory() {
    assertThat(http.call("HEAD", "/events").statusCode()).isEqualTo(200);
    assertThat(http.call("HEAD", "/events/stream").statusCode()).isEqualTo(200);
    assertThat(meters.get("lastword.stream.readers").gauge().value()).isZero();
  }

  /** An interrupt would close the database connection of the thread. */
  @Test
  void aDisconnectInterruptsNoThread() throws Exception {
    var reading = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    var interrupted = new CompletableFuture<Boolean>();
    LogFormat format =
        new LogFormat() {
          private int encoded;

          @Override
          public MediaType type() {
            return MediaType.TEXT_CSV_TYPE;
          }

          @Override
          public byte[] head(List<String> columns) {
            return new byte[0];
          }

          @Override
          public byte[] encode(LogRow row) {
            // The first chunk is one row, because the next one is too large for it.
            if (++encoded == 3) {
              reading.countDown();
              try {
                gone.await();
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              }
            }
            return new byte[LogResponses.CHUNK_BYTES];
          }
        };
    held.add((StreamedBody) Objects.requireNonNull(download(format).body()));
    Disposable client = Flux.from(held.get(0).chunks()).subscribe();
    reading.await();
    client.dispose();
    gone.countDown();
    assertThat(interrupted.get()).isFalse();
  }
}
