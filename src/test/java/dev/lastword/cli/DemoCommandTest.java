package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@MicronautTest(transactional = false)
@Property(name = "micronaut.server.port", value = "-1")
class DemoCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Inject EmbeddedServer server;

  @Test
  void showsWhatWasLoggedBesideWhatWasMeant() {
    assertThat(run("--url", server.getURL().toString(), "--typists", "3", "--seconds", "5"))
        .as(() -> out + "\n" + err)
        .isZero();
    assertThat(out.toString())
        .contains("searched for", "demo-01", "demo-02", "demo-03")
        .contains("recall 1.00");
  }

  @Test
  void failsIfNoServiceAnswers() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(run("--url", "http://127.0.0.1:" + free)).isEqualTo(1);
    assertThat(err.toString()).contains("No service at http://127.0.0.1:" + free);
  }

  @Test
  void refusesAServiceOfAnotherMachine() {
    assertThat(run("--url", "http://192.0.2.1:8080")).isEqualTo(2);
    assertThat(err.toString()).contains("--url must be on this machine");
  }

  @Test
  void refusesToRunWithoutBounds() {
    assertThat(run("--seconds", "86400")).isEqualTo(2);
  }

  private int run(String... args) {
    return new CommandLine(new DemoCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
