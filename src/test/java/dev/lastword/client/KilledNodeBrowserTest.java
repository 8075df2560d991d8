package dev.lastword.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.Browser;
import dev.lastword.HttpCalls;
import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** The service and its database are killed while a visitor types. */
@Tag("once")
@Timeout(120)
class KilledNodeBrowserTest {
  private static final Pattern KEYWORD = Pattern.compile("\"keyword\":\"([^\"]*)\"");

  @RegisterExtension static final Browser browser = new Browser();

  private static final Path DATA = Path.of("target", "killed-node-browser-test");

  @Test
  void nothingThatIsTypedIsLost() throws Exception {
    TestDatabase.createData(DATA);
    int port = LastwordProcess.freePort();
    Process node = start(port);
    try {
      URI url = LastwordProcess.address(node);
      browser.openPage(
          "localhost",
          """
          <script src="%s/lastword.js" data-input="#q"></script><input id="q">
          """
              .formatted(url));
      type("first");
      awaitSearches(url, "first");
      node.descendants().forEach(ProcessHandle::destroyForcibly);
      node.destroyForcibly().onExit().join();
      type("second");
      type("third");
      node = start(port);
      LastwordProcess.address(node);
      type("fourth");
      awaitSearches(url, "first", "second", "third", "fourth");
      await("the event of each text")
          .atMost(Duration.ofSeconds(30))
          .until(() -> HttpCalls.get(url, "/events/count?topic=t").body().equals("4"));
      assertThat(HttpCalls.get(url, "/stats").body()).contains("\"keystrokes_lost\":0");
    } finally {
      node.descendants().forEach(ProcessHandle::destroyForcibly);
      node.destroyForcibly().onExit().join();
    }
  }

  /** Replaces the text in the box, submits it, and sends an event. */
  private static void type(String text) {
    browser.type("#q", Keys.HOME, Keys.chord(Keys.SHIFT, Keys.END), text, Keys.ENTER);
    assertThat(browser.run("return lastword.event('t', q.value)")).isNotNull();
  }

  private static void awaitSearches(URI node, String... keywords) {
    await("the submitted texts in the log")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              String searches = HttpCalls.get(node, "/searches").body();
              List<String> newestFirst =
                  KEYWORD.matcher(searches).results().map(match -> match.group(1)).toList();
              assertThat(newestFirst).containsExactlyInAnyOrder(keywords);
            });
  }

  private Process start(int port) throws Exception {
    return LastwordProcess.start(
        "serve", "--port", Integer.toString(port), "--data", DATA.toString());
  }
}
