package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tests the log of a separate process in an operator's environment. */
@Tag("once")
class LoggingTest {

  /** Logs through every API that the service and its libraries use. */
  public static final class Speaker {
    public static void main(String[] args) {
      var log = LoggerFactory.getLogger(Speaker.class);
      log.debug("details");
      log.info("ready, \"quoted\" — ğ 😀");
      log.info("GET /a\r\n12:00:00.000 INFO  forged\u001b[31m");
      log.warn("broken", new IllegalStateException("first line\nsecond line"));
      LoggerFactory.getLogger("com.zaxxer.hikari.HikariDataSource").info("chatter");
      java.util.logging.Logger.getLogger("io.opentelemetry.api").info("chatter");
      java.util.logging.Logger.getLogger("io.opentelemetry.exporter").warning("no collector");
      LoggerFactory.getLogger("org.flywaydb.core.internal.database.base.Database").warn("chatter");
      LoggerFactory.getLogger("com.zaxxer.hikari.pool.ProxyConnection").warn("chatter");
    }
  }

  @Test
  void linesAreReadableByDefaultAndLibrariesKeepQuiet() throws Exception {
    List<String> lines = speak(Map.of());
    assertThat(lines.get(0))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  LoggingTest\\$Speaker ready, .* — ğ 😀");
    assertThat(lines.get(1)).endsWith("Speaker GET /a  12:00:00.000 INFO  forged [31m");
    assertThat(lines.get(2)).endsWith("WARN  LoggingTest$Speaker broken");
    assertThat(lines).anyMatch(line -> line.endsWith("WARN  exporter no collector"));
    assertThat(lines).noneMatch(line -> line.contains("chatter") || line.contains("details"));
  }

  @Test
  void everyLineIsAJsonObjectIfAskedFor() throws Exception {
    List<JsonNode> lines =
        speak(Map.of("LASTWORD_LOG_FORMAT", "json")).stream().map(LoggingTest::json).toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).get("message").textValue()).isEqualTo("ready, \"quoted\" — ğ 😀");
    assertThat(lines.get(0).get("level").textValue()).isEqualTo("INFO");
    assertThat(lines.get(0).get("time").textValue()).endsWith("Z");
    assertThat(lines.get(0).get("logger_name").textValue()).endsWith("Speaker");
    assertThat(lines.get(2).get("stack_trace").textValue())
        .startsWith("java.lang.IllegalStateException: first line\nsecond line")
        .contains("\tat dev.lastword.ops.LoggingTest$Speaker.main");
    assertThat(lines.get(3).get("message").textValue()).isEqualTo("no collector");
  }

  @Test
  void theLevelIsThatOfLastwordAlone() throws Exception {
    assertThat(speak(Map.of("LASTWORD_LOG_LEVEL", "DEBUG")))
        .anyMatch(line -> line.endsWith("DEBUG LoggingTest$Speaker details"))
        .noneMatch(line -> line.contains("chatter"));
    assertThat(speak(Map.of("LASTWORD_LOG_LEVEL", "ERROR")))
        .noneMatch(line -> line.contains("broken"));
  }

  @Test
  void anUnknownFormatIsNotPassedOverInSilence() throws Exception {
    assertThat(speak(Map.of("LASTWORD_LOG_FORMAT", "xml")))
        .anyMatch(line -> line.contains("logging/xml.xml"));
  }

  private static List<String> speak(Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=logback.xml",
                "-Dfile.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Speaker.class.getName())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
