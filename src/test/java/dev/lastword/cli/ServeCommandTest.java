package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import dev.lastword.database.EmbeddedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the program in a separate process with an embedded database. */
@Tag("once")
@Timeout(180)
class ServeCommandTest {

  private static final Path DATA = Path.of("target", "serve-command-test");

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void empty() {
    TestDatabase.createData(DATA);
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> process.destroyForcibly().onExit().join());
  }

  @Test
  void servesOnAnEmbeddedDatabaseAlsoAfterItWasKilledAndEndsIt() throws Exception {
    Process killed = lastword("serve", "--port", "0", "--data", DATA.toString());
    assertThat(status(LastwordProcess.address(killed))).isPositive();
    assertFails(1, "Another Lastword runs", "serve", "--port", "0", "--data", DATA.toString());
    killed.destroyForcibly().onExit().join();
    Process node = lastword("serve", "--port", "0", "--data", DATA.toString());
    assertThat(status(LastwordProcess.address(node))).isPositive();
    assertThat(EmbeddedDatabase.running(DATA)).isPresent();
    node.destroy();
    assertThat(node.waitFor()).isEqualTo(143);
    assertThat(EmbeddedDatabase.running(DATA)).isEmpty();
    // A command restarts it while the command runs.
    Process doctor = lastword("doctor", "--data", DATA.toString());
    assertThat(doctor.inputReader().lines()).anyMatch(line -> line.startsWith("ok    migrations"));
    assertThat(doctor.waitFor()).isZero();
    assertThat(EmbeddedDatabase.running(DATA)).isEmpty();
  }

  @Test
  void aPortInUseIsOneSentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertFails(
          1, "Choose another one with --port", "serve", "--port", port, "--data", DATA.toString());
    }
  }

  @Test
  void beingOpenToOthersMustBeAskedFor() throws Exception {
    assertFails(2, "LASTWORD_OPEN=true", "serve", "--host", "0.0.0.0", "--data", DATA.toString());
    assertFails(2, "Unknown host 'no.such'", "serve", "--host", "no.such");
  }

  @Test
  void aCertificateThatCannotBeReadIsOneSentence() throws Exception {
    ProcessBuilder command = LastwordProcess.command("serve", "--data", DATA.toString());
    command.environment().put("LASTWORD_TLS_CERTIFICATE", "no.pem");
    command.environment().put("LASTWORD_TLS_KEY", "no.pem");
    Process node = command.start();
    started.add(node);
    assertFails(2, "no.pem is not a file that can be read.", node);
  }

  private void assertFails(int code, String sentence, String... args) throws Exception {
    assertFails(code, sentence, lastword(args));
  }

  private static void assertFails(int code, String sentence, Process node) throws Exception {
    List<String> said;
    try (BufferedReader errors = node.errorReader()) {
      said = errors.lines().toList();
    }
    assertThat(node.waitFor()).isEqualTo(code);
    assertThat(said).last().asString().startsWith("lastword: ").contains(sentence);
    assertThat(said).noneMatch(line -> line.startsWith("\tat "));
  }

  private Process lastword(String... args) throws IOException {
    Process process = LastwordProcess.start(args);
    started.add(process);
    return process;
  }

  private static int status(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
