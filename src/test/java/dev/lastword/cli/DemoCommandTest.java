package dev.lastword.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Tag("once")
@MicronautTest(transactional = false)
@Property(name = "micronaut.server.port", value = "-1")
class DemoCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;
  @Inject Rows rows;

  @Value("${lastword.db.url}")
  String url;

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

  @Test
  void writesThePastOfAShopOnce() {
    rows.clear();
    String[] shop = {"--days", "1", "--db-url", url, "--seed", "7"};
    assertThat(run(shop)).as(() -> out + "\n" + err).isZero();
    String yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
    String sessions = "/stats/sessions?from=%s&to=%<s".formatted(yesterday);
    String answer = http.get(sessions).body();
    assertThat(answer).contains("\"period\":\"" + yesterday).doesNotContain("\"searches\":0");
    assertThat(http.get("/stats/top-events?from=" + yesterday).body())
        .contains("page_view", "result_click", "add_to_cart", "order");
    assertThat(http.get("/stats/aggregate?topic=order&fn=min&from=" + yesterday).body())
        .contains("\"value\":");
    Matcher stored = Pattern.compile("searches: (\\d+) stored, 0 were").matcher(out.toString());
    assertThat(stored.find()).isTrue();
    assertThat(Integer.parseInt(stored.group(1))).isGreaterThan(200);
    out.getBuffer().setLength(0);
    assertThat(run(shop)).isZero();
    // The second run may be a little later, and add what has happened since.
    assertThat(out.toString())
        .containsPattern("searches: \\d{1,2} stored, %s were".formatted(stored.group(1)));
  }

  @Test
  void refusesADatabaseOfAnotherMachine() {
    assertThat(run("--days", "2", "--db-url", "mysql://192.0.2.1/lastword")).isEqualTo(2);
    assertThat(err.toString()).contains("--db-url must be on this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "367"})
  void refusesTooManyDaysOrNone(String days) {
    assertThat(run("--days", days)).isEqualTo(2);
    assertThat(err.toString()).contains("--days must be from 1 to 366");
  }

  private int run(String... args) {
    return new CommandLine(new DemoCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
