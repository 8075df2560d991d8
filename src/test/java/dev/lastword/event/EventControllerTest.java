package dev.lastword.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastword.http.Ndjson;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.SnappyFrameEncoder;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what clients of {@code /events}, {@code /publish} and {@code /ingest} send and receive. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class EventControllerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject EmbeddedServer server;
  @Inject LoggedEvents logged;

  /** Unique, so that the events of a test are. */
  private final String topic = "t-" + UUID.randomUUID();

  @Test
  void anEventIsStoredWhenTheAnswerComes() throws Exception {
    var answer =
        post(
            "/events",
            """
            {"event_id": " e1 ", "topic": "%s", "occurred_at": "2025-10-12T10:11:12.345+02:00", "source": "shop",
             "user_id": 42, "session_id": "s-1", "level": "INFO", "value": 12.50, "message": "sold",
             "payload": {"basket": [1, {"deep": null}], "name": "ü\\u0001"}}
            """);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer))
        .isEqualTo(
            JSON.readTree(
                """
                {"status": "accepted", "accepted": 1, "duplicates": 0, "rejected": [], "failed": 0, "count": 1,
                 "message": "1 accepted, 0 duplicates, 0 rejected",
                 "details": {"accepted": 1, "rejected": 0, "duplicates_immediate": 0}}
                """));
    var row = logged.ofTopic(topic).get(0);
    assertThat(row)
        .containsEntry("event_id", "e1")
        .containsEntry("occurred_at", "2025-10-12 08:11:12.345")
        .containsEntry("source", "shop")
        .containsEntry("user_id", "42")
        .containsEntry("session_id", "s-1")
        .containsEntry("level", "INFO")
        .containsEntry("value", "12.500000000")
        .containsEntry("message", "sold");
    assertThat(JSON.readTree(row.get("payload")))
        .isEqualTo(JSON.readTree("{\"basket\":[1,{\"deep\":null}],\"name\":\"ü\\u0001\"}"));
  }

  @Test
  void theSameEventAgainIsADuplicateAndNotAnError() throws Exception {
    String event = "{\"event_id\":\"e\",\"topic\":\"%s\",\"payload\":{\"a\":1}}";
    assertCounts(post("/events", event), 1, 0);
    assertCounts(post("/publish", event), 0, 1);
    assertCounts(post("/events", "[" + event + "," + event + "]"), 0, 2);
    assertThat(logged.ofTopic(topic)).hasSize(1);
    assertThat(sum("events")).isEqualTo(1);
    assertThat(sum("duplicates")).isEqualTo(3);
    assertThat(sum("changed")).isZero();
  }

  @Test
  void aRepeatWithAnotherContentIsADuplicateAndCountedApart() throws Exception {
    post("/events", "{\"event_id\":\"e\",\"topic\":\"%s\",\"payload\":{\"a\":1}}");
    assertCounts(
        post("/events", "{\"event_id\":\"e\",\"topic\":\"%s\",\"payload\":{\"a\":2}}"), 0, 1);
    assertThat(sum("changed")).isEqualTo(1);
    assertThat(logged.ofTopic(topic).get(0).get("payload")).contains("1");
  }

  @Test
  void theSameEventTwiceInOneBatchIsStoredOnce() throws Exception {
    String one = "{\"event_id\":\"twice\",\"topic\":\"%1$s\"}";
    assertCounts(post("/events", "[" + one + "," + one + "," + one + "]"), 1, 2);
    assertThat(logged.ofTopic(topic)).hasSize(1);
  }

  @Test
  void theSameIdInAnotherTopicIsAnotherEvent() throws Exception {
    assertCounts(post("/events", "{\"event_id\":\"e\",\"topic\":\"%s\"}"), 1, 0);
    assertCounts(post("/events", "{\"event_id\":\"e\",\"topic\":\"%s-2\"}"), 1, 0);
    assertCounts(post("/events", "{\"event_id\":\"E\",\"topic\":\"%s\"}"), 1, 0);
    assertCounts(post("/events", "{\"event_id\":\" e\\t \",\"topic\":\"%s\"}"), 0, 1);
  }

  @Test
  void anEventWithoutAnIdGetsOne() throws Exception {
    String event = "{\"topic\":\"%s\"}";
    assertCounts(post("/events", event), 1, 0);
    assertCounts(post("/events", event), 1, 0);
    assertThat(logged.ofTopic(topic))
        .extracting(row -> UUID.fromString(String.valueOf(row.get("event_id"))).version())
        .containsExactly(7, 7);
  }

  @Test
  void withoutATimeItHappenedWhenItCame() throws Exception {
    post("/events", "{\"topic\":\"%s\"}");
    var row = logged.ofTopic(topic).get(0);
    assertThat(row.get("occurred_at")).isNotNull();
    assertThat(
            logged.number(
                "SELECT COUNT(*) FROM event_log WHERE topic = ? AND occurred_at <= received_at AND occurred_at > UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE",
                topic))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/publish", "/publish/", "/events/", "/ingest", "/ingest/", "/events"})
  void allAddressesTakeTheSame(String path) throws Exception {
    String event = "{\"event_id\":\"e\",\"topic\":\"%s\"}";
    var answer = post(path, event);
    assertCounts(answer, 1, 0);
    assertThat(json(answer).get("status").asText())
        .isEqualTo(path.startsWith("/publish") ? "success" : "accepted");
    assertCounts(post("/events", event), 0, 1);
  }

  @Test
  void clientsOfAPubSubAggregatorAreUnderstood() throws Exception {
    var answer =
        post(
            "/publish",
            """
            {"events": [{"topic": "%1$s", "event_id": "a", "timestamp": "2025-10-12T10:11:12Z", "source": "svc",
                         "payload": {"x": 1}},
                        {"topic": "%1$s", "event_id": "a", "timestamp": "2025-10-12T10:11:12Z", "source": "svc",
                         "payload": {"x": 1}}]}
            """);
    assertThat(json(answer).get("status").asText()).isEqualTo("success");
    assertThat(json(answer).get("message").asText()).isNotBlank();
    assertThat(json(answer).at("/details/accepted").asInt()).isEqualTo(1);
    assertThat(json(answer).at("/details/rejected").asInt()).isZero();
    assertThat(json(answer).at("/details/duplicates_immediate").asInt()).isEqualTo(1);
    assertThat(json(answer).get("count").asInt()).isEqualTo(2);
  }

  @Test
  void clientsOfEventAnalyticsAreUnderstood() throws Exception {
    var answer =
        post(
            "/events",
            """
            [{"event_id": "a", "user_id": "u", "event_type": "%s", "occurred_at": "2025-10-12T10:11:12",
              "properties": {"page": "/"}}]
            """);
    assertCounts(answer, 1, 0);
    assertThat(json(answer).get("failed").asInt()).isZero();
    assertThat(logged.ofTopic(topic).get(0))
        .containsEntry("user_id", "u")
        .containsEntry("payload", logged.ofTopic(topic).get(0).get("payload"))
        .containsEntry("occurred_at", "2025-10-12 10:11:12");
  }

  @Test
  void linesOfLogsAreUnderstood() throws Exception {
    String id = UUID.randomUUID().toString();
    var answer =
        post(
            "/ingest",
            """
            {"timestamp": "2025-10-12 10:11:12,345", "level": "ERROR", "service": "%s", "message": "no",
             "request_id": "r-1", "trace": {"id": 7}, "ok": true, "payload": null}
            """
                .formatted(id));
    assertCounts(answer, 1, 0);
    var row = logged.rows("SELECT * FROM event_log WHERE source = ?", id).get(0);
    assertThat(row)
        .containsEntry("topic", "log")
        .containsEntry("level", "ERROR")
        .containsEntry("message", "no")
        .containsEntry("occurred_at", "2025-10-12 10:11:12.345");
    assertThat(JSON.readTree(row.get("payload")))
        .isEqualTo(JSON.readTree("{\"request_id\":\"r-1\",\"trace\":{\"id\":7},\"ok\":true}"));
  }

  @Test
  void aRepeatOfASingleEventWithARequestIdIsAConflict() throws Exception {
    String event =
        "{\"request_id\":\"r-1\",\"topic\":\"%s\",\"user_id\":\"u\",\"timestamp\":1760263871870,\"word_count\":7}";
    assertCounts(post("/events", event), 1, 0);
    var answer = post("/events", event);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    var row = logged.ofTopic(topic).get(0);
    assertThat(json(answer).get("detail").asText())
        .contains("r-1", String.valueOf(row.get("id")), "2025-10-12T10:11:11.870Z");
    assertThat(json(answer).at("/duplicates/0/id").asText()).isEqualTo(row.get("id"));
    assertThat(json(answer).at("/duplicates/0/occurred_at").asText())
        .isEqualTo("2025-10-12T10:11:11.870Z");
    assertThat(row).containsEntry("value", "7.000000000");
    assertCounts(post("/events?on_duplicate=ignore", event), 0, 1);
    assertCounts(post("/events", "[" + event + "]"), 0, 1);
  }

  @Test
  void duplicatesInABatchAreAConflictOnRequestAndTheOthersAreStored() throws Exception {
    post("/events", "{\"event_id\":\"a\",\"topic\":\"%s\"}");
    var answer =
        post(
            "/events?on_duplicate=conflict",
            "[{\"event_id\":\"b\",\"topic\":\"%1$s\"},{\"event_id\":\"a\",\"topic\":\"%1$s\"}]");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(1);
    assertThat(json(answer).at("/duplicates/0/index").asInt()).isEqualTo(1);
    assertThat(json(answer).get("duplicates")).hasSize(1);
    assertThat(logged.ofTopic(topic)).hasSize(2);
    assertThat(post("/events?on_duplicate=perhaps", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void ownNamesWinAndNothingIsLost() throws Exception {
    post(
        "/events",
        """
        {"event": "other", "event_type": {"an": "object"}, "topic": "%s", "message_id": "m", "event_id": "e",
         "payload": {"a": 1, "b": 2}, "a": "outer", "properties": [1], "message": {"no": "text"}}
        """);
    var row = logged.ofTopic(topic).get(0);
    assertThat(row).containsEntry("event_id", "e").containsEntry("message", null);
    assertThat(JSON.readTree(row.get("payload")))
        .isEqualTo(
            JSON.readTree(
                """
                {"a": 1, "b": 2, "event": "other", "event_type": {"an": "object"}, "message_id": "m",
                 "properties": [1], "message": {"no": "text"}}
                """));
    post("/events", "{\"topic\":\"%s\",\"payload\":[1,[],{}],\"a\":-1.50e3}");
    assertThat(JSON.readTree(logged.ofTopic(topic).get(1).get("payload")))
        .isEqualTo(JSON.readTree("{\"a\":-1500.0,\"payload\":[1,[],{}]}"));
  }

  @Test
  void aBadEventIsNamedAndTheOthersAreTaken() throws Exception {
    var answer =
        post(
            "/events",
            """
            [{"topic": "%1$s", "event_id": ["x"]}, {"topic": "%1$s"}, 7, {"topic": "%1$s", "occurred_at": "soon"},
             {"topic": "%1$s", "value": "much"}, {"topic": "%1$s", "user_id": "a\\u0007"}]
            """);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(1);
    assertThat(json(answer).get("failed").asInt()).isEqualTo(5);
    assertThat(json(answer).get("rejected").toString())
        .isEqualTo(
            JSON.readTree(
                    """
                    [{"index": 0, "reason": "event_id must be a string or a number"},
                     {"index": 2, "reason": "an event must be a JSON object"},
                     {"index": 3, "reason": "occurred_at must be ISO-8601 or seconds or milliseconds since 1970, at most a day ahead of now"},
                     {"index": 4, "reason": "value must be a number with at most 21 digits before the decimal point"},
                     {"index": 5, "reason": "user_id must be at most 255 characters without control characters"}]
                    """)
                .toString());
    assertThat(sum("events")).isEqualTo(1);
    assertThat(sum("rejected")).isEqualTo(4);
  }

  @Test
  void badLinesAreNamedAndTheOthersAreTaken() throws Exception {
    var answer =
        send(
            request("/events", "application/x-ndjson"),
            "{\"topic\":\"%1$s\"}\n\n{\"topic\":\n{} {}\r\n{\"topic\":\"%1$s\",\"payload\":{\"a\":\n"
                    .replace("%1$s", topic)
                + "{\"topic\":\""
                + topic
                + "\"}");
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(2);
    assertThat(json(answer).get("rejected").findValuesAsText("index"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void allBadIsAProblem() throws Exception {
    var answer = post("/events", "[{\"topic\":\"%s\",\"value\":{}}]");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(answer).get("rejected")).hasSize(1);
    assertThat(sum("rejected")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "x",
        "7",
        "null",
        "[]",
        "{\"events\":[]}",
        "{}{}",
        "[1,",
        "{\"a\":}"
      })
  void whatIsNoEventIsAProblem(String body) throws Exception {
    var answer = post("/events", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").asText())
        .isNotBlank()
        .doesNotContain("Exception", "fasterxml");
  }

  @ParameterizedTest
  @CsvSource({
    "event_id, 255, 202",
    "event_id, 256, 400",
    "topic, 255, 202",
    "topic, 256, 400",
    "source, 255, 202",
    "source, 256, 400",
    "user_id, 255, 202",
    "user_id, 256, 400",
    "session_id, 255, 202",
    "session_id, 256, 400",
    "level, 32, 202",
    "level, 33, 400",
    "message, 16000, 202",
    "message, 16001, 400"
  })
  void textsHaveTheirLengthInCharacters(String field, int length, int status) throws Exception {
    String text = "😀".repeat(length - 1) + (field.equals("topic") ? "x" : "y");
    assertThat(post("/events", "{\"" + field + "\":\"" + text + "\",\"value\":1}").statusCode())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"65525, 202", "65526, 400"})
  void aPayloadHasUpTo65536Characters(int length, int status) throws Exception {
    var answer =
        post(
            "/events", "{\"topic\":\"%s\",\"payload\":{\"text\":\"" + "x".repeat(length) + "\" }}");
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"30, 202", "31, 400", "500, 400"})
  void aPayloadIsNestedUpTo30Deep(int depth, int status) throws Exception {
    var answer =
        post(
            "/events",
            "[{\"topic\":\"%s\",\"payload\":" + "[".repeat(depth) + "]".repeat(depth) + "}]");
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1.000000000",
    "-0.5, -0.500000000",
    "'\"7.25\"', 7.250000000",
    "999999999999999999999, 999999999999999999999.000000000",
    "0.1234567894, 0.123456789",
    "1e20, 100000000000000000000.000000000",
    "1e-999999999, 0.000000000",
    "null, "
  })
  void valuesAreExactToTheNinthDigit(String given, @Nullable String stored) throws Exception {
    assertCounts(post("/events", "{\"topic\":\"%s\",\"value\":" + given + "}"), 1, 0);
    assertThat(logged.ofTopic(topic).get(0).get("value"))
        .isEqualTo(stored == null ? null : new BigDecimal(stored).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e21", "999999999999999999999.9999999999", "1e999999999", "true", "\"x\"", "[]"})
  void otherValuesAreRefused(String given) throws Exception {
    assertThat(post("/events", "{\"topic\":\"%s\",\"value\":" + given + "}").statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "1760263871870, 2025-10-12 10:11:11.870",
    "1760263871.870, 2025-10-12 10:11:11.870",
    "'\"1760263871\"', 2025-10-12 10:11:11",
    "0, 1970-01-01 00:00:00",
    "'\"2025-10-12\"', 2025-10-12 00:00:00",
    "'\"2025-10-12T10:11:12.345678\"', 2025-10-12 10:11:12.345",
    "'\"2025-10-12T10:11:12+0530\"', 2025-10-12 04:41:12",
    "'\"2025-10-12t10:11z\"', 2025-10-12 10:11:00"
  })
  void timesAreReadAsPeopleSendThem(String given, String stored) throws Exception {
    assertCounts(post("/events", "{\"topic\":\"%s\",\"timestamp\":" + given + "}"), 1, 0);
    assertThat(logged.ofTopic(topic).get(0).get("occurred_at")).isEqualTo(stored);
  }

  @Test
  void aTimeIsAtMostADayAheadAndNotBefore1970() throws Exception {
    Instant edge = Instant.now().plus(EventTime.AHEAD);
    for (Instant good : List.of(edge.minusSeconds(60), Instant.EPOCH)) {
      assertCounts(post("/events", "{\"topic\":\"%s\",\"occurred_at\":\"" + good + "\"}"), 1, 0);
    }
    for (Object bad :
        new Object[] {"\"" + edge.plusSeconds(60) + "\"", -1, "\"1969-12-31T23:59:59Z\"", 1e300}) {
      assertThat(post("/events", "{\"topic\":\"%s\",\"occurred_at\":" + bad + "}").statusCode())
          .as("%s", bad)
          .isEqualTo(400);
    }
  }

  @Test
  void whatNoDatabaseStoresIsReplacedOrRefused() throws Exception {
    assertCounts(
        post(
            "/events",
            "{\"topic\":\"%s\",\"message\":\"a\\ud83d\\u0000\",\"payload\":{\"x\":\"\\udc00\\u0000\"}}"),
        1,
        0);
    assertThat(logged.ofTopic(topic).get(0).get("message")).isEqualTo("a\ufffd\0");
    assertThat(post("/events", "{\"payload\":{\"a\":1e400}}").statusCode()).isEqualTo(400);
    assertThat(post("/events", "{\"event_id\":\"\\ud83d\"}").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"10000, 202", "10001, 413"})
  void aRequestHoldsUpToTenThousandEvents(int count, int status) throws Exception {
    String array =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"topic\":\"%s\",\"event_id\":" + i + "}")
            .collect(Collectors.joining(",", "[", "]"));
    var answer = post("/events", array);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 202) {
      assertCounts(answer, 10_000, 0);
      assertThat(logged.ofTopic(topic))
          .extracting(row -> Integer.valueOf(String.valueOf(row.get("event_id"))))
          .isSorted()
          .hasSize(10_000);
    } else {
      assertThat(logged.ofTopic(topic)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"10485760, 202", "10485761, 413"})
  void aBodyHasUpToTenMebibytes(int bytes, int status) throws Exception {
    String body = "{\"topic\":\"" + topic + "\"}";
    var answer = post("/events", body + " ".repeat(bytes - body.length()));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith(status == 202 ? "application/json" : "application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void compressedBodiesAreRead(String encoding) throws Exception {
    byte[] body =
        ("[{\"topic\":\"" + topic + "\"}" + " ".repeat(100_000) + "]")
            .getBytes(StandardCharsets.UTF_8);
    var answer = sendCompressed(encoding, compressed(encoding, body));
    assertCounts(answer, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void aBombIsRefused(String encoding) throws Exception {
    byte[] bomb = compressed(encoding, new byte[30 << 20]);
    assertThat(bomb).hasSizeLessThan(11 << 20);
    var answer = sendCompressed(encoding, bomb);
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void whatIsNotCompressedAsItSaysIsAProblem(String encoding) throws Exception {
    var answer = sendCompressed(encoding, "{\"topic\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "snappy"})
  void aCompressedBodyThatWasCutOffIsAProblemAndStoresNothing(String encoding) throws Exception {
    String event = "{\"topic\":\"" + topic + "\"}\n";
    byte[] body = compressed(encoding, event.repeat(5_000).getBytes(StandardCharsets.UTF_8));
    for (int cut : new int[] {1, 4, 9, body.length / 2, body.length}) {
      byte[] part = Arrays.copyOf(body, body.length - cut);
      var request =
          request("/events", Ndjson.TYPE)
              .header("Content-Encoding", encoding)
              .POST(BodyPublishers.ofByteArray(part))
              .build();
      var answer = CLIENT.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as("%d bytes cut", cut).isEqualTo(400);
      assertThat(answer.body()).contains("\"detail\":");
    }
    assertThat(logged.ofTopic(topic)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void moreAfterTheEndOfACompressedBodyIsAProblem(String encoding) throws Exception {
    byte[] one = compressed(encoding, "{\"topic\":\"x\"}\n".getBytes(StandardCharsets.UTF_8));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertThat(sendCompressed(encoding, two).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, gzip", "none"})
  void anUnknownCompressionIsUnsupported(String encoding) throws Exception {
    var answer = sendCompressed(encoding, "{\"topic\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(answer.headers().firstValue("accept-encoding")).hasValue("gzip, deflate, snappy");
    assertCounts(
        sendCompressed(
            "identity", ("{\"topic\":\"" + topic + "\"}").getBytes(StandardCharsets.UTF_8)),
        1,
        0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"payload\":%d[2000]                       | must be nested at most 1000 deep",
        "\"payload\":%d[40]                         | payload is nested more than 30 deep",
        "\"payload\":9999{2000}                     | must be nested at most 1000 deep",
        "\"value\":9999{2000}                       | must be nested at most 1000 deep",
        "\"nnnn{2000}\":1                            | must be nested at most 1000 deep",
        "\"payload\":{\"\\ud800\":1}                 | not JSON",
        "\"\\ud800\":1                               | not JSON",
        "\"payload\":tru                             | not JSON",
        "\"payload\":{\"a\":}                         | not JSON",
        "\"payload\":\"\\x]}\"                       | not JSON"
      })
  void aRowThatNoParserTakesIsRejectedAndTheOthersAreTaken(String field, String reason)
      throws Exception {
    String good = "{\"topic\":\"%s\"}";
    String bad = "{\"topic\":\"%s\"," + expanded(field) + "}";
    for (String body :
        List.of(
            "[" + good + "," + bad + ", " + good + "]",
            "{\"events\" : [" + good + "," + bad + "," + good + " ] } ")) {
      var answer = post("/events", body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      assertThat(json(answer).get("accepted").asInt()).isEqualTo(2);
      assertThat(json(answer).get("rejected")).hasSize(1);
      assertThat(json(answer).at("/rejected/0/index").asInt()).isEqualTo(1);
      assertThat(json(answer).at("/rejected/0/reason").asText()).startsWith(reason);
    }
    var lines =
        send(
            request("/events", Ndjson.TYPE),
            (good + "\n" + bad + "\n" + good).replace("%s", topic));
    assertThat(json(lines).get("accepted").asInt()).isEqualTo(2);
    assertThat(post("/events", bad).statusCode()).isEqualTo(400);
  }

  /** {@code x{3}} is x three times, {@code %d[3]} are three brackets. */
  private static String expanded(String text) {
    Matcher nested = Pattern.compile("%d\\[(\\d+)]").matcher(text);
    if (nested.find()) {
      int depth = Integer.parseInt(nested.group(1));
      return nested.replaceFirst("[".repeat(depth) + "]".repeat(depth));
    }
    Matcher repeated = Pattern.compile("(\\w)\\{(\\d+)}").matcher(text);
    return repeated.replaceFirst(
        match -> match.group(1).repeat(Integer.parseInt(match.group(2)) * 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[1,]", "[,{}]", "[{\"topic\":\"x\"} {}]", "[{]", "[{}}", "[\"a]", "[{}]]"})
  void anArrayWhoseRowsCannotBeSeparatedIsAProblem(String body) throws Exception {
    assertThat(post("/events", body).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "\"a\"", "[]", "[1, {}]", "[[]]", "{\"a\": [{}]}", "null"})
  void aLineWithAFieldNamedEventsIsALine(String events) throws Exception {
    var answer = post("/ingest", "{\"topic\":\"%s\",\"message\":\"m\",\"events\":" + events + "}");
    assertCounts(answer, 1, 0);
    String payload = logged.ofTopic(topic).get(0).get("payload");
    assertThat(JSON.readTree(payload).get("events")).isEqualTo(JSON.readTree(events));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"source\":\"s\",\"events\":[{\"topic\":\"%s\"}]}",
        "{\"events\":[{\"topic\":\"%s\"}],\"source\":\"s\"}"
      })
  void whatStandsBesideABatchIsRefusedInsteadOfIgnored(String body) throws Exception {
    var answer = post("/events", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").asText())
        .contains("array of events must have no other field");
    assertThat(logged.ofTopic(topic)).isEmpty();
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws Exception {
    assertCounts(post("/events", "\uFEFF{\"topic\":\"%s\"}"), 1, 0);
    assertCounts(post("/events", "\uFEFF[{\"topic\":\"%s\"}]"), 1, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"event_id\":\"e\",\"user_id\":\"u\",\"level\":\"INFO\"}",
        "{\"topic\":\" \",\"message\":\"\",\"payload\":null}"
      })
  void anEventThatSaysNothingIsRefused(String event) throws Exception {
    var answer = post("/events", event);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").asText())
        .isEqualTo("Rejected: an event must have a topic, a message, a value or a payload.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"event_type\":\"x\"",
        "\"message\":\"m\"",
        "\"word_count\":0",
        "\"payload\":{}",
        "\"unknown\":1"
      })
  void oneThingIsEnoughForAnEvent(String field) throws Exception {
    assertThat(post("/events", "{" + field + "}").statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource({"65536, 202", "65537, 400"})
  void fieldsThatAreNotKnownCountAsPayload(int length, int status) throws Exception {
    String text = "x".repeat(30_000);
    int rest = length - "{'a':'','b':''}".length() - text.length();
    String fields = "\"a\":\"" + text + "\",\"b\":\"" + "x".repeat(rest) + "\"";
    assertThat(post("/events", "{\"topic\":\"%s\"," + fields + "}").statusCode()).isEqualTo(status);
  }

  @Test
  void aLargeBodyOfUnknownFieldsIsRefused() throws Exception {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      fields.append(",\"f%d\":\"%s\"".formatted(i, "x".repeat(60_000)));
    }
    assertThat(post("/events", "{\"topic\":\"x\"" + fields + "}").statusCode()).isEqualTo(400);
  }

  @Test
  void aBeaconNeedsNoContentTypeOfItsOwn() throws Exception {
    assertCounts(
        json(send(request("/events", "text/plain"), "{\"topic\":\"" + topic + "\"}")), 1, 0);
    assertThat(send(request("/events", "application/x-www-form-urlencoded"), "a=b").statusCode())
        .isEqualTo(415);
  }

  private long sum(String column) {
    return logged.number(
        "SELECT COALESCE(SUM(" + column + "), 0) FROM daily_topic WHERE topic = ?", topic);
  }

  private static void assertCounts(HttpResponse<String> answer, int accepted, int duplicates)
      throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertCounts(json(answer), accepted, duplicates);
  }

  private static void assertCounts(JsonNode answer, int accepted, int duplicates) {
    assertThat(answer.get("accepted").asInt()).as("accepted").isEqualTo(accepted);
    assertThat(answer.get("duplicates").asInt()).as("duplicates").isEqualTo(duplicates);
  }

  /** Sends the body, with the topic in place of {@code %s}. */
  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path, "application/json"), body.replace("%1$s", topic).replace("%s", topic));
  }

  private HttpRequest.Builder request(String path, String type) {
    return HttpRequest.newBuilder(server.getURI().resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", type);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> sendCompressed(String encoding, byte[] body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request("/events", "application/json")
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static byte[] compressed(String encoding, byte[] body) throws IOException {
    if (encoding.equals("snappy")) {
      EmbeddedChannel channel = new EmbeddedChannel(new SnappyFrameEncoder());
      channel.writeOutbound(Unpooled.wrappedBuffer(body));
      channel.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        part.readBytes(out, part.readableBytes());
        part.release();
      }
      return out.toByteArray();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        encoding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }
}
