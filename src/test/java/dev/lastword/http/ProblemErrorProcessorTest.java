package dev.lastword.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@MicronautTest(transactional = false)
@Property(name = "troubles", value = "true")
class ProblemErrorProcessorTest {

  @Inject HttpCalls http;
  @Inject EmbeddedServer server;

  @Test
  void aPathThatIsNotThereIsNamed() {
    assertThat(detail(http.get("/no/such/path"), 404)).contains("/no/such/path");
  }

  @Test
  void browsersGetTheSameFormOfErrors() {
    detail(http.get("/no/such/path", "Accept", "text/html"), 404);
  }

  @Test
  void aWrongMethodSaysWhichAreAnswered() {
    HttpResponse<String> answer = http.call("DELETE", "/failing/body");
    assertThat(detail(answer, 405)).isEqualTo("Method DELETE not allowed; use POST.");
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void anAnswerThatCannotBeHadSaysWhichCan() {
    assertThat(detail(http.get("/failing/number?how_many=1", "Accept", "image/png"), 406))
        .isEqualTo("Accept must include one of: application/json.");
  }

  @Test
  void aBodyOfTheWrongTypeSaysWhichAreTaken() {
    assertThat(detail(http.post("/failing/text", "{}", "Content-Type", "application/json"), 415))
        .isEqualTo("Content-Type must be one of: text/plain.");
  }

  @Test
  void malformedJsonNamesThePlaceAndNothingElse() {
    String body = "{\"a\": 1,\n  oops}";
    assertThat(detail(http.post("/failing/body", body, "Content-Type", "application/json"), 400))
        .isEqualTo("The body is not valid JSON (line 2, column 3).");
  }

  @Test
  void aMissingBodyIsNamed() {
    assertThat(detail(http.post("/failing/body", "", "Content-Type", "application/json"), 400))
        .isEqualTo("The body is missing.");
  }

  @Test
  void jsonOfAnotherShapeIsRefused() {
    assertThat(detail(http.post("/failing/body", "[1]", "Content-Type", "application/json"), 400))
        .isEqualTo("The body does not have the expected structure.");
  }

  @Test
  void aParameterOfTheWrongKindSaysWhatItTakes() {
    assertThat(detail(http.get("/failing/number?how_many=some"), 400))
        .isEqualTo("how_many must be an integer, not 'some'.");
  }

  @Test
  void aMissingParameterIsNamed() {
    assertThat(detail(http.get("/failing/number"), 400)).isEqualTo("how_many is missing.");
  }

  @Test
  void anUnknownParameterSaysWhichThereAre() {
    assertThat(detail(http.get("/failing/number?howmany=1"), 400))
        .isEqualTo("Unknown parameter 'howmany'. Use: how_many.");
    assertThat(detail(http.get("/failing/refused?why=1"), 400))
        .isEqualTo("Unknown parameter 'why'. This call has no parameters.");
  }

  @Test
  void aRepeatedParameterIsRefused() {
    assertThat(detail(http.get("/failing/number?how_many=1&how_many=2"), 400))
        .isEqualTo("how_many must be given only once.");
  }

  @Test
  void aBodyOverTenMebibytesIsTooLarge() {
    String body = "x".repeat(10 * 1024 * 1024 + 1);
    assertThat(detail(http.post("/failing/text", body, "Content-Type", "text/plain"), 413))
        .isEqualTo("The request body must be at most 10485760 bytes.");
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1\\r\\nno colon, The request is not valid: Bad Request.",
    "GET /searches%zz HTTP/1.1, The URL is not valid.",
    "GET /searches?q=%zz HTTP/1.1, The URL is not valid."
  })
  void aHeadThatIsNoHttpIsRefused(String head, String detail) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket
          .getOutputStream()
          .write((head.replace("\\r\\n", "\r\n") + "\r\n\r\n").getBytes(US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(10_000);
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json", "\"detail\":\"" + detail + "\"");
    }
  }

  @Test
  void ourOwnRefusalsKeepTheirWords() {
    assertThat(detail(http.get("/failing/refused"), 409)).isEqualTo("That one was here before.");
  }

  @Test
  void anUnforeseenErrorIsLoggedOnceUnderTheIdInTheAnswer() {
    List<ILoggingEvent> logged = new ArrayList<>();
    HttpResponse<String> answer = logging(logged, () -> http.get("/failing/unforeseen"));
    String id = http.json(answer).get("instance").getStringValue().replace("urn:uuid:", "");
    assertThat(detail(answer, 500)).contains(id);
    assertThat(logged)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains(id))
        .satisfies(
            event ->
                assertThat(event.getThrowableProxy().getMessage())
                    .isEqualTo("secret of the inside"));
  }

  @Test
  void aWrongStatementIsOurFaultAndNotAnOutage() {
    detail(http.get("/failing/statement"), 500);
  }

  @Test
  void aStoppedDatabaseIsUnavailable() {
    for (String path : List.of("/failing/pool", "/failing/driver")) {
      HttpResponse<String> answer = http.get(path);
      detail(answer, 503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }
  }

  /** Returns the detail, after checking what all problems have in common. */
  private String detail(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = http.json(answer);
    assertThat(problem.get("status").getIntValue()).isEqualTo(status);
    assertThat(problem.get("title").getStringValue()).isNotBlank();
    assertThat(answer.body())
        .doesNotContain(
            "secret",
            "Exception",
            "dev.lastword",
            "micronaut",
            "jackson",
            "mysql",
            "no_such_table");
    return problem.get("detail").getStringValue();
  }

  private static <T> T logging(List<ILoggingEvent> logged, Supplier<T> call) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    root.addAppender(appender);
    try {
      return call.get();
    } finally {
      root.detachAppender(appender);
      appender.list.stream()
          .filter(e -> e.getLevel().isGreaterOrEqual(Level.WARN))
          .forEach(logged::add);
    }
  }
}
