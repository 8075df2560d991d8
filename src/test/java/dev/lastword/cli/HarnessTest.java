package dev.lastword.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.MissingProgram;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs load-tests/harness.sh with a fifth of the window and the pauses. */
@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "micronaut.server.port", value = "-1")
@Property(name = "lastword.debounce", value = "1s")
class HarnessTest {

  @Inject EmbeddedServer server;

  @Test
  void findsOneRowForEachWord() throws Exception {
    Run run = harness(Map.of("KEY", "0.04", "PAUSE", "1.5"));
    assertThat(run.output()).hasLineCount(2).contains("ok   harness-");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void failsWhereTheWindowDoesNotPassBetweenWords() throws Exception {
    Run run = harness(Map.of("KEY", "0.3", "PAUSE", "0", "WAIT", "3", "WORDS", "java jazz"));
    assertThat(run.output()).contains("FAIL harness-");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  private record Run(int exitCode, String output) {}

  private Run harness(Map<String, String> settings) throws IOException, InterruptedException {
    try {
      new ProcessBuilder("curl", "--version").start().waitFor();
    } catch (IOException e) {
      MissingProgram.abort("the harness", "curl", e);
    }
    ProcessBuilder builder =
        new ProcessBuilder("sh", "load-tests/harness.sh", server.getURL().toString())
            .redirectErrorStream(true);
    builder.environment().putAll(settings);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }
}
