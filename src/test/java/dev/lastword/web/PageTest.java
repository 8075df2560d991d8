package dev.lastword.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.Browser;
import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the page of an open service, in a real browser. */
@Tag("browser")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "2s")
@Property(name = "lastword.rest", value = "500ms")
class PageTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension static final Browser browser = new Browser();

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;
  @Inject Rows rows;

  @BeforeEach
  void clear() {
    rows.clear();
    browser.view(1440, 900, false);
    browser.open("about:blank");
    browser.complaints();
  }

  private void open(String view) {
    browser.open(server.getURI() + "/" + view);
  }

  private void log(String session, String keyword, boolean submitted) {
    String body =
        "{\"session_id\": \"%s\", \"keyword\": \"%s\", \"submitted\": %s}"
            .formatted(session, keyword, submitted);
    assertThat(http.post("/log", body, "Content-Type", "application/json").statusCode())
        .isEqualTo(202);
  }

  @Test
  void aNewInstallationShowsHowASearchComesIntoTheLog() {
    open("");
    browser.awaitText("nav [aria-current]", "Try it");
    browser.type("#box", "red shoes");
    browser.awaitText(".stage .staged", "red shoes");
    assertThat(browser.text(".stage .staged")).contains("9 keystrokes");
    assertThat(browser.text(".stage .log")).doesNotContain("red shoes");
    browser.awaitText(".stage .log", "red shoes");
    browser.awaitText(".stage .staged", "One row while you type");
    open("");
    browser.awaitText("nav [aria-current]", "Now");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatOthersTypeAgesAndDropsIntoTheLog() {
    open("#now");
    browser.awaitText(".staged", "Nobody is typing.");
    log("a", "bus", false);
    log("a", "business", false);
    browser.awaitText(".staged", "business");
    browser.awaitText(".log", "business");
    browser.awaitText(".staged", "Nobody is typing.");
    browser.awaitText(".parts", "promotion");
    browser.awaitText(".figures", "well");
    assertThat(browser.text(".log")).contains("2 keystrokes · paused · anonymous");
    log("b", "<img src=x>", true);
    browser.awaitText(".log", "<img src=x>");
    // What continues the search replaces it where it is.
    log("a", "business plan", false);
    browser.awaitText(".log li:last-child", "business plan");
    assertThat(browser.run("return document.querySelectorAll('.log li').length")).isEqualTo(2L);
    browser.click(".figure:nth-child(2) button");
    assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("The log");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aServiceThatIsAwayIsReportedUntilItIsBack() {
    open("#now");
    browser.awaitText(".figures", "well");
    browser.offline(true);
    try {
      browser.awaitText("#trouble", "Lastword does not answer. Retrying.");
    } finally {
      browser.offline(false);
    }
    await("the trouble is over").atMost(SOON).until(() -> browser.text("#trouble").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"#try", "#now", "#searches", "#people", "#events", "#admin"})
  void aViewIsForEveryone(String view) {
    log("a", "a search that was logged and is quite long for a small window", true);
    log("b", "a search", false);
    // Those that answer questions are here without data, see ViewsTest.
    boolean live = view.equals("#try") || view.equals("#now");
    for (int width : live ? List.of(360, 1440, 2560) : List.of(360)) {
      browser.view(width, 800, width == 1440);
      browser.open("about:blank");
      open(view);
      await("the view has a heading").atMost(SOON).until(() -> !browser.text("main h2").isEmpty());
      assertThat(browser.barriers()).as("%s, %d px", view, width).isEmpty();
      assertThat(browser.overflow()).isEqualTo(0L);
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePageLoadsFromItsOwnHostAloneAndIsSmall() {
    open("#try");
    await("the box is explained").atMost(SOON).until(() -> !browser.text("#box + p").isEmpty());
    log("a", "shoes", true);
    open("#now");
    browser.awaitText(".log", "shoes");
    open("#searches");
    browser.awaitText("main", "Searches over time");
    assertThat(
            browser.run(
                """
                return performance.getEntriesByType('resource')
                  .filter(entry => !entry.name.startsWith(location.origin + '/')).map(entry => entry.name);
                """))
        .asList()
        .isEmpty();
    Object size =
        browser.run(
            """
            const files = performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)
              .filter(path => path.startsWith('/ui/') || path === '/lastword.js');
            let size = 0;
            for (const file of new Set([...files, '/'])) {
              const body = (await fetch(file)).body.pipeThrough(new CompressionStream('gzip'));
              size += (await new Response(body).arrayBuffer()).byteLength;
            }
            return size;
            """);
    assertThat((long) size).isBetween(30_000L, 150_000L);
  }

  @Test
  void theThemeIsRemembered() {
    open("#try");
    browser.awaitText("#theme", "Theme: system");
    browser.click("#theme");
    browser.click("#theme");
    browser.awaitText("#theme", "Theme: dark");
    open("?again#try");
    browser.awaitText("#theme", "Theme: dark");
    assertThat(browser.run("return getComputedStyle(document.documentElement).colorScheme"))
        .isEqualTo("dark");
    browser.click("#theme");
  }

  @Test
  void itIsThereAgainAfterAReload() {
    open("#now");
    browser.awaitText(".figures", "well");
    browser.reload();
    browser.awaitText(".figures", "well");
    // The browser asked, and the page was not sent again.
    assertThat(
            browser.run(
                """
                const [page] = performance.getEntriesByType('navigation');
                return page.transferSize > 0 && page.transferSize < page.encodedBodySize;
                """))
        .isEqualTo(true);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void noPolicyAllowsInlineScripts() {
    assertThat(http.get("/").body())
        .contains("default-src 'none'; script-src 'self'; style-src 'self'")
        .doesNotContain("unsafe-inline", "style=", "onclick");
  }
}
