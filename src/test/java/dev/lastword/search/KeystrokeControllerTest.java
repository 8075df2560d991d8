package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what clients of {@code /log} send and receive. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class KeystrokeControllerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Inject EmbeddedServer server;
  @Inject DataSource database;
  @Inject StagingRepository staging;
  @Inject MeterRegistry meters;

  private final String session = UUID.randomUUID().toString();

  private TypedSession typed() {
    return new TypedSession(database, staging, session);
  }

  @Test
  void aKeystrokeIsStagedWhenTheAnswerComes() throws Exception {
    var answer = post("{\"keyword\":\"Bu\",\"session_id\":\"%s\",\"user_id\":\"\"}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer)).isEqualTo(json("{\"status\":\"ok\",\"accepted\":1,\"rejected\":[]}"));
    assertThat(typed().row().keyword()).isEqualTo("Bu");
    assertThat(typed().row().userId()).isNull();
  }

  /** No job promotes here, so the writer does it when the row is full. */
  @Test
  void noneOfManySubmittedSearchesIsDropped() throws Exception {
    List<String> texts =
        IntStream.range(0, KeystrokeBatch.MAX_ROWS).mapToObj(i -> "search " + i).toList();
    var answer =
        post(
            texts.stream()
                .map(
                    text ->
                        "{\"session_id\":\"%s\",\"submitted\":true,\"keyword\":\"" + text + "\"}")
                .collect(Collectors.joining(",", "[", "]")));
    assertThat(answer.statusCode()).isEqualTo(202);
    List<String> kept = new ArrayList<>(typed().logged());
    assertThat(kept.size()).isGreaterThan(texts.size() - 2 * StagingRepository.MAX_FINISHED);
    kept.addAll(typed().row().finished());
    kept.add(typed().row().keyword());
    assertThat(kept).isEqualTo(texts);
    assertThat(typed().loggedByTime()).isEqualTo(typed().logged());
  }

  @Test
  void aFullRowThatCannotBePromotedRefusesMoreAndNothingElse() throws Exception {
    for (int i = 0; i < 20; i++) {
      typed().submits("search " + i);
    }
    typed().refuse();
    String more =
        IntStream.range(0, 20)
            .mapToObj(
                i -> "{\"session_id\":\"%s\",\"submitted\":true,\"keyword\":\"more " + i + "\"}")
            .collect(
                Collectors.joining(",", "[", ",{\"session_id\":\"%s-2\",\"keyword\":\"other\"}]"));
    var answer = post(more);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(14);
    assertThat(json(answer).get("rejected")).hasSize(7);
    assertThat(typed().row().finished()).hasSize(StagingRepository.MAX_FINISHED);
    assertThat(typed().row().keyword()).isEqualTo("more 12");
    assertThat(new TypedSession(database, staging, session + "-2").row().keyword())
        .isEqualTo("other");
  }

  @Test
  void allFieldsAreTaken() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var answer =
        post(
            "{\"keyword\":\" Ann  Arbor \",\"session_id\":\" %s \",\"user_id\":42,\"submitted\":true,\"typed_at\":\""
                + now
                + "\",\"other\":{\"deep\":[1,{\"x\":null}]}}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(typed().row())
        .extracting(
            TypedSession.Row::keyword,
            TypedSession.Row::userId,
            TypedSession.Row::submitted,
            TypedSession.Row::typedAt)
        .containsExactly("Ann Arbor", "42", true, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/json; charset=utf-8",
        "application/json"
      })
  void aBeaconNeedsNoContentTypeOfItsOwn(String type) throws Exception {
    assertThat(post("{\"keyword\":\"bus\",\"session_id\":\"%s\"}", type).statusCode())
        .isEqualTo(202);
    assertThat(typed().row().keyword()).isEqualTo("bus");
  }

  @Test
  void batchesKeepTheirOrder() throws Exception {
    post(
        "[{\"keyword\":\"b\",\"session_id\":\"%1$s\"},{\"keyword\":\"c\",\"session_id\":\"%1$s\"}]");
    assertThat(typed().row().keyword()).isEqualTo("c");
    post(
        "{\"events\":[{\"keyword\":\"d\",\"session_id\":\"%1$s\"},{\"keyword\":\"e\",\"session_id\":\"%1$s\"}]}");
    assertThat(typed().row().keyword()).isEqualTo("e");
    var answer =
        post(
            "{\"keyword\":\"f\",\"session_id\":\"%1$s\"}\n\n{\"keyword\":\"g\",\"session_id\":\"%1$s\"}\r\n",
            "application/x-ndjson");
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(2);
    assertThat(typed().row().keyword()).isEqualTo("g");
    assertThat(typed().row().keystrokes()).isEqualTo(6);
  }

  @Test
  void aBadRowIsNamedAndTheOthersAreTaken() throws Exception {
    var answer =
        post(
            "[{\"keyword\":\"x\"},{\"keyword\":\"bus\",\"session_id\":\"%s\"},7,{\"session_id\":\"s\"},{\"keyword\":[],\"session_id\":\"s\"}]");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer))
        .isEqualTo(
            json(
                """
                {"status":"ok","accepted":1,"rejected":[
                  {"index":0,"reason":"session_id is missing"},
                  {"index":2,"reason":"a keystroke must be a JSON object"},
                  {"index":3,"reason":"keyword is missing"},
                  {"index":4,"reason":"keyword must be a string"}]}
                """));
    assertThat(typed().row().keyword()).isEqualTo("bus");
  }

  @Test
  void aBadLineIsNamedAndTheOthersAreTaken() throws Exception {
    var answer =
        post(
            "{\"keyword\":\nnull\n{\"keyword\":\"bus\",\"session_id\":\"%s\"}\n{} {}",
            "application/x-ndjson");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("rejected").findValuesAsText("index"))
        .containsExactly("0", "1", "3");
    assertThat(typed().row().keyword()).isEqualTo("bus");
  }

  @Test
  void allBadIsAProblemThatNamesEachRow() throws Exception {
    var answer = post("[{},{\"keyword\":\"x\",\"session_id\":\"ü\"}]");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(answer).get("status").asInt()).isEqualTo(400);
    assertThat(json(answer).get("title").asText()).isEqualTo("Bad Request");
    assertThat(json(answer).get("rejected")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "nonsense",
        "7",
        "null",
        "\"text\"",
        "[]",
        "{\"events\":[]}",
        "{}{}",
        "[1,",
        "{\"keyword\":\"a\",}"
      })
  void whatIsNoKeystrokeIsAProblem(String body) throws Exception {
    var answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(answer).get("detail").asText())
        .isNotBlank()
        .doesNotContain("Exception", "com.fasterxml");
  }

  @ParameterizedTest
  @CsvSource({"1, 202", "64, 202", "65, 400", "0, 400"})
  void aSessionHasUpTo64Characters(int length, int status) throws Exception {
    var answer = post("{\"keyword\":\"x\",\"session_id\":\"" + "s".repeat(length) + "\"}");
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"255, 202", "256, 400"})
  void keywordAndUserHaveUpTo255CharactersNotBytes(int length, int status) throws Exception {
    String text = "😀".repeat(length);
    assertThat(post("{\"keyword\":\"" + text + "\",\"session_id\":\"%s\"}").statusCode())
        .isEqualTo(status);
    assertThat(
            post("{\"keyword\":\"x\",\"session_id\":\"%s\",\"user_id\":\"" + text + "\"}")
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  void textIsBroughtIntoOneForm() throws Exception {
    post(
        "{\"keyword\":\"\\u0000 cafe\\u0301\\t\\n  \\u00a0au\\u0007 lait\\ud83d \",\"session_id\":\"%s\"}");
    assertThat(typed().row().keyword()).isEqualTo("café au lait\ufffd");
  }

  @Test
  void aClearedBoxIsAcceptedAndGoesNoFurther() throws Exception {
    var before = count("lastword.keystrokes.cleared");
    var answer = post("{\"keyword\":\"  \",\"session_id\":\"%s\"}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("accepted").asInt()).isEqualTo(1);
    assertThat(typed().isStaged()).isFalse();
    assertThat(count("lastword.keystrokes.cleared")).isEqualTo(before + 1);
  }

  @Test
  void aTimeFarFromNowIsIgnoredAndCounted() throws Exception {
    var before = count("lastword.keystrokes.times.ignored");
    long now = System.currentTimeMillis();
    long day = 86_400_000;
    for (Object useless :
        new Object[] {
          now - day - 60_000, now + day + 60_000, "\"yesterday\"", "\"\"", "\"1e999\"", 1e300
        }) {
      post("{\"keyword\":\"x\",\"session_id\":\"%s\",\"typed_at\":" + useless + "}");
      assertThat(typed().row().typedAt()).as("typed_at %s", useless).isNull();
    }
    assertThat(count("lastword.keystrokes.times.ignored")).isEqualTo(before + 6);
    for (Object used :
        new Object[] {
          now - day + 60_000,
          now,
          now + ".7",
          "\"" + now + "\"",
          "\"" + Instant.ofEpochMilli(now).atOffset(ZoneOffset.ofHours(2)) + "\""
        }) {
      post(
          "{\"keyword\":\"x\",\"session_id\":\""
              + UUID.randomUUID()
              + "\",\"typed_at\":"
              + used
              + "}");
    }
    assertThat(count("lastword.keystrokes.times.ignored")).isEqualTo(before + 6);
  }

  @ParameterizedTest
  @CsvSource({"1000, 202", "1001, 413"})
  void aRequestHoldsUpToAThousandKeystrokes(int rows, int status) throws Exception {
    String one = "{\"keyword\":\"x\",\"session_id\":\"%1$s\"}";
    String array =
        IntStream.range(0, rows).mapToObj(i -> one).collect(Collectors.joining(",", "[", "]"));
    assertThat(post(array).statusCode()).isEqualTo(status);
    assertThat(post((one + "\n").repeat(rows), "application/x-ndjson").statusCode())
        .isEqualTo(status);
    if (status == 413) {
      assertThat(typed().isStaged()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"1048576, 202", "1048577, 413"})
  void aBodyHasUpToOneMebibyte(int bytes, int status) throws Exception {
    String body = "{\"keyword\":\"x\",\"session_id\":\"" + session + "\"}";
    var answer = post(body + " ".repeat(bytes - body.length()));
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    var answer = post("keyword=x", "application/x-www-form-urlencoded");
    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void compressedBodiesAreRead() throws Exception {
    byte[] body =
        ("{\"keyword\":\"zipped\",\"session_id\":\"" + session + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(body);
    }
    ByteArrayOutputStream deflate = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(deflate)) {
      out.write(body);
    }
    assertThat(
            send(request("application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(gzip.toByteArray())))
                .statusCode())
        .isEqualTo(202);
    assertThat(
            send(request("application/json")
                    .header("Content-Encoding", "deflate")
                    .POST(BodyPublishers.ofByteArray(deflate.toByteArray())))
                .statusCode())
        .isEqualTo(202);
    assertThat(typed().row().keystrokes()).isEqualTo(2);
  }

  @Test
  void receivedIsStagedAndClearedAndRejected() throws Exception {
    double received = count("lastword.keystrokes.received");
    double parts =
        count("lastword.keystrokes.staged")
            + count("lastword.keystrokes.cleared")
            + count("lastword.keystrokes.rejected");
    post(
        "[{\"keyword\":\"x\",\"session_id\":\"%s\"},{\"keyword\":\"\",\"session_id\":\"s\"},{},3]");
    assertThat(count("lastword.keystrokes.received")).isEqualTo(received + 4);
    assertThat(
            count("lastword.keystrokes.staged")
                + count("lastword.keystrokes.cleared")
                + count("lastword.keystrokes.rejected"))
        .isEqualTo(parts + 4);
  }

  @Test
  void whatClientsCouldNotDeliverIsCounted() throws Exception {
    double lost = count("lastword.keystrokes.lost");
    String keystroke = "{\"keyword\":\"x\",\"session_id\":\"lost\",\"lost\":%s}";
    assertThat(post(keystroke.formatted(10_000)).statusCode()).isEqualTo(202);
    assertThat(post(keystroke.formatted("null")).statusCode()).isEqualTo(202);
    assertThat(count("lastword.keystrokes.lost")).isEqualTo(lost + 10_000);
    for (String wrong : List.of("10001", "-1", "1.5", "\"1\"", "[1]", "99999999999999999999")) {
      assertThat(post(keystroke.formatted(wrong)).body())
          .contains("lost must be a number from 0 to 10000");
    }
    assertThat(count("lastword.keystrokes.lost")).isEqualTo(lost + 10_000);
    String two = "[%s,%s]".formatted(keystroke.formatted(9_999), keystroke.formatted(2));
    assertThat(post(two).statusCode()).isEqualTo(202);
    assertThat(count("lastword.keystrokes.lost")).isEqualTo(lost + 20_000);
  }

  private double count(String name) {
    return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return post(body, "application/json");
  }

  /** Sends the body, with the session in place of {@code %s}. */
  private HttpResponse<String> post(String body, String type)
      throws IOException, InterruptedException {
    String filled = body.replace("%1$s", session).replace("%s", session);
    return send(request(type).POST(BodyPublishers.ofString(filled)));
  }

  private HttpRequest.Builder request(String type) {
    return HttpRequest.newBuilder(server.getURI().resolve("/log")).header("Content-Type", type);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return json(answer.body());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
