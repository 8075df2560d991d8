package dev.lastword.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.Browser;
import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** Types into pages of another origin that use lastword.js, and looks at the log. */
@Tag("browser")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "500ms")
@Property(name = "lastword.rest", value = "200ms")
class LastwordScriptTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SELECT_ALL = Keys.chord(Keys.CONTROL, "a");

  @RegisterExtension static final Browser browser = new Browser();

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;

  /** The visitor of a test, by whom its searches are found. */
  private String user = "";

  @BeforeEach
  void nameUser(TestInfo test) {
    user = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void nothingWasThrown() {
    assertThat(browser.run("return window.thrown")).asList().isEmpty();
  }

  /** Returns a host name of this machine of which the browser has stored nothing yet. */
  private String host() {
    return user.toLowerCase(Locale.ROOT) + ".localhost";
  }

  private void open(String body) {
    open(server.getURI().toString(), "data-input=\"#q\"", body);
  }

  private void open(String service, String attributes, String body) {
    browser.openPage(
        host(),
        """
        <script>
          window.thrown = [];
          addEventListener('error', event => thrown.push(event.message));
          addEventListener('unhandledrejection', event => thrown.push(String(event.reason)));
        </script>
        <script src="%s/lastword.js" data-url="%s" data-user="%s" %s></script>
        <input id="q">
        """
                .formatted(server.getURI(), service, user, attributes)
            + body);
  }

  /** Returns the texts of the visitor's searches, oldest first. */
  private List<String> searches() {
    List<String> keywords = new ArrayList<>();
    http.json(http.get("/searches?limit=100&user_id=" + user))
        .get("items")
        .values()
        .forEach(row -> keywords.add(0, row.get("keyword").getStringValue()));
    return keywords;
  }

  private void awaitSearches(String... keywords) {
    await("the searches in the log, and nothing staged")
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(searches()).containsExactly(keywords);
              assertThat(http.get("/searches/staged").body()).doesNotContain(user);
            });
  }

  /** Returns the number of sessions whose keystrokes are saved in the browser. */
  private long stored() {
    return (long) Objects.requireNonNull(browser.run("return Object.keys(localStorage).length"));
  }

  private JsonNode lastSearch() {
    return http.json(http.get("/searches?user_id=" + user)).get("items").get(0);
  }

  @Test
  void typingEndsInOneSearch() {
    open("");
    browser.type("#q", "business");
    awaitSearches("business");
    JsonNode search = lastSearch();
    assertThat(search.get("keystrokes").getIntValue()).isEqualTo(8);
    assertThat(search.get("submitted").getBooleanValue()).isFalse();
    assertThat(search.get("typed_at").isNull()).isFalse();
  }

  @Test
  void aCorrectionIsPartOfTheSearch() {
    open("");
    browser.type("#q", "bisiness", Keys.HOME, Keys.ARROW_RIGHT, Keys.DELETE, "u");
    awaitSearches("business");
  }

  @Test
  void pastingIsTyping() {
    open("");
    browser.click("#q");
    browser.command("Input.insertText", Map.of("text", "größe 42"));
    awaitSearches("größe 42");
  }

  @Test
  void enterSubmits() {
    open("");
    browser.type("#q", "shoes", Keys.ENTER);
    awaitSearches("shoes");
    assertThat(lastSearch().get("submitted").getBooleanValue()).isTrue();
  }

  @Test
  void theButtonOfAFormSubmits() {
    open(
        """
        <form onsubmit="return false"><input class="other"><button>Search</button></form>
        <script>lastword.attach('.other')</script>
        """);
    browser.type(".other", "boots");
    browser.click("button");
    awaitSearches("boots");
    assertThat(lastSearch().get("submitted").getBooleanValue()).isTrue();
    assertThat(lastSearch().get("session_id").getStringValue()).endsWith("-1");
  }

  @Test
  void aSuggestionThatFillsTheBoxSubmits() {
    open(
        """
        <ul role="listbox"><li role="option" onmousedown="q.value = this.textContent; this.remove()">red shoes</li></ul>
        """);
    browser.type("#q", "red");
    browser.click("li");
    awaitSearches("red shoes");
    assertThat(lastSearch().get("submitted").getBooleanValue()).isTrue();
  }

  @Test
  void anEntryOfADatalistSubmits() {
    open(
        """
        <input class=s list=l><datalist id=l><option>blue hats</datalist>
        <script>lastword.attach('.s')</script>
        """);
    browser.type(".s", "blue");
    // What browsers send for it; headless ones do not show the list.
    browser.run(
        """
        const box = document.querySelector('.s');
        box.value = 'blue hats';
        box.dispatchEvent(new InputEvent('input', {inputType: 'insertReplacementText', bubbles: true}));
        """);
    awaitSearches("blue hats");
    assertThat(lastSearch().get("submitted").getBooleanValue()).isTrue();
  }

  @Test
  void aPageSubmitsByItself() {
    open("");
    browser.type("#q", "re");
    browser.run("lastword.submit('red hats')");
    awaitSearches("red hats");
  }

  @Test
  void whatAnInputMethodMakesOnTheWayIsNoSearch() {
    open("");
    browser.click("#q");
    for (String text : List.of("n", "ni", "nih", "niha", "nihao")) {
      browser.command(
          "Input.imeSetComposition",
          Map.of("text", text, "selectionStart", text.length(), "selectionEnd", text.length()));
    }
    browser.command("Input.insertText", Map.of("text", "你好"));
    awaitSearches("你好");
    assertThat(lastSearch().get("keystrokes").getIntValue()).isEqualTo(1);
  }

  @Test
  void aCompositionThatStaysIsText() {
    open("");
    browser.click("#q");
    browser.command(
        "Input.imeSetComposition", Map.of("text", "taxi", "selectionStart", 4, "selectionEnd", 4));
    awaitSearches("taxi");
  }

  @Test
  void leavingThePageLosesNothingAndContinuesTheSession() {
    open("<a href='/next'>Next</a>");
    browser.type("#q", "gloves");
    browser.click("a");
    browser.type("#q", "scarf", Keys.ENTER);
    awaitSearches("gloves", "scarf");
    List<JsonNode> rows = new ArrayList<>();
    http.json(http.get("/searches?user_id=" + user)).get("items").values().forEach(rows::add);
    assertThat(rows.get(0).get("session_id")).isEqualTo(rows.get(1).get("session_id"));
  }

  @Test
  void aComposedTextIsNotLostWhenThePageIsLeft() {
    open("<a href='/next'>Next</a>");
    browser.click("#q");
    browser.command(
        "Input.imeSetComposition", Map.of("text", "bus", "selectionStart", 3, "selectionEnd", 3));
    browser.run("location.href = '/next'");
    awaitSearches("bus");
  }

  @Test
  void aPageThatIsReturnedToGoesOn() {
    open("<a href='/next'>Next</a>");
    browser.type("#q", "one");
    browser.click("a");
    browser.type("#q", "two");
    awaitSearches("one", "two");
    browser.run("history.back()");
    browser.run("await new Promise(next => setTimeout(next, 200)); q.value = ''");
    browser.type("#q", "three");
    awaitSearches("one", "two", "three");
  }

  @Test
  void twoTabsAreTwoSessions() {
    open("");
    browser.type("#q", "one", Keys.ENTER);
    browser.run("window.open('/copy')"); // with a copy of the storage of this tab
    browser.switchToTab(1);
    browser.type("#q", "two", Keys.ENTER);
    browser.switchToTab(0);
    browser.type("#q", SELECT_ALL, "three", Keys.ENTER);
    await("the searches of both tabs")
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(searches()).containsExactlyInAnyOrder("one", "two", "three"));
    assertThat(session("three")).isEqualTo(session("one")).isNotEqualTo(session("two"));
  }

  private String session(String keyword) {
    return http.json(http.get("/searches?user_id=" + user + "&starts_with=" + keyword))
        .get("items")
        .get(0)
        .get("session_id")
        .getStringValue();
  }

  @Test
  void whatIsTypedOfflineIsSentLater() {
    open("");
    browser.type("#q", "before", Keys.ENTER);
    awaitSearches("before");
    browser.offline(true);
    try {
      browser.type("#q", SELECT_ALL, "during", Keys.ENTER);
      await("keystrokes are saved while offline").atMost(SOON).until(() -> stored() == 1);
    } finally {
      browser.offline(false);
    }
    browser.type("#q", SELECT_ALL, "after", Keys.ENTER);
    awaitSearches("before", "during", "after");
    await("nothing is saved any more").atMost(SOON).until(() -> stored() == 0);
  }

  @Test
  void thePageThatFollowsSendsWhatItsPredecessorCouldNot() {
    String away = "http://127.0.0.1:9";
    open(away, "data-input=\"#q\"", "<a href='/next'>Next</a>");
    browser.type("#q", "kept");
    await("keystrokes are saved for the next page").atMost(SOON).until(() -> stored() == 1);
    open("");
    awaitSearches("kept");
  }

  @Test
  void whatAPageThatIsGoneCouldNotSendIsSentByAnyPageAfterFiveMinutes() {
    open("");
    browser.run(
        """
        const save = (session, minutes) => localStorage['lastword:' + session] = JSON.stringify(
          [Date.now() - minutes * 60000, [{session_id: session, user_id: args[0], keyword: session}], []]);
        save('older', 5.1);
        save('younger', 4);
        """,
        user);
    open("");
    awaitSearches("older");
    assertThat(browser.run("return Object.keys(localStorage).join()"))
        .isEqualTo("lastword:younger");
  }

  @Test
  void whatTheServiceRefusesIsReportedAsLost() {
    long lost = nodeTotal("keystrokes_lost");
    open("");
    browser.run(
        """
        const send = fetch;
        window.refused = 0;
        window.fetch = async (...request) => {
          const response = await send(...request);
          refused += response.status === 404;
          return response;
        };
        lastword.configure({url: args[0] + '/nowhere'});
        """,
        server.getURI().toString());
    browser.type("#q", "ab");
    await("both requests were refused")
        .atMost(SOON)
        .until(() -> Long.valueOf(2).equals(browser.run("return refused")));
    browser.run("lastword.configure({url: args[0]})", server.getURI().toString());
    browser.type("#q", "c");
    await("the lost keystrokes are reported")
        .atMost(SOON)
        .until(() -> nodeTotal("keystrokes_lost") == lost + 2);
  }

  /** 1,100 keystrokes are typed, and 1,000 wait at most. */
  @Test
  void whatIsLostIsReported() {
    long lost = nodeTotal("keystrokes_lost");
    open("");
    browser.offline(true);
    try {
      browser.run(
          """
          for (let i = 0; i < 1100; i++) {
            q.value = 'lost '.repeat(1 + i % 40) + i;
            q.dispatchEvent(new Event('input', {bubbles: true}));
          }
          """);
    } finally {
      browser.offline(false);
    }
    await("the lost keystrokes are reported")
        .atMost(SOON)
        .until(() -> nodeTotal("keystrokes_lost") > lost);
    assertThat(nodeTotal("keystrokes_lost")).isEqualTo(lost + 100);
    assertThat(http.json(http.get("/stats")).get("node").get("loss_rate").getDoubleValue())
        .isBetween(0.01, 1.0);
  }

  private long nodeTotal(String name) {
    return http.json(http.get("/stats")).get("node").get(name).getLongValue();
  }

  @Test
  void eventsAreSentOnce() {
    open("");
    browser.offline(true);
    Object id;
    try {
      id = browser.run("return lastword.event('%s', {total: 3}, {value: 7})".formatted(user));
      browser.run("lastword.event('%s'); lastword.event('%s')".formatted(user, user));
    } finally {
      browser.offline(false);
    }
    await("all events are stored")
        .atMost(SOON)
        .until(() -> http.get("/events/count?topic=" + user).body().equals("3"));
    List<JsonNode> events = new ArrayList<>();
    http.json(http.get("/events?topic=" + user)).get("items").values().forEach(events::add);
    JsonNode first =
        events.stream()
            .filter(event -> event.get("event_id").getStringValue().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(first.get("payload").get("total").getIntValue()).isEqualTo(3);
    assertThat(first.get("value").getIntValue()).isEqualTo(7);
    assertThat(first.get("user_id").getStringValue()).isEqualTo(user);
  }

  @Test
  void aPayloadThatIsNoJsonIsNotSent() {
    open("");
    assertThat(
            browser.run("const ring = {}; ring.ring = ring; return lastword.event('ring', ring)"))
        .isNull();
  }

  @Test
  void doNotTrackIsRespectedIfThatIsSet() {
    open(server.getURI().toString(), "data-input=\"#q\" data-respect-do-not-track", "");
    browser.run(
        """
        Object.defineProperty(navigator, 'globalPrivacyControl', {value: true, configurable: true});
        """);
    browser.type("#q", "private");
    assertThat(browser.run("return lastword.event('private')")).isNull();
    browser.run("lastword.configure({respectDoNotTrack: false})");
    browser.type("#q", " no more");
    awaitSearches("private no more");
    assertThat(lastSearch().get("keystrokes").getIntValue()).isEqualTo(8);
  }

  @Test
  void passwordsAreNeverSent() {
    open("<input class=s type=password><script>lastword.attach('.s')</script>");
    browser.type(".s", "secret", Keys.ENTER);
    browser.type("#q", "public");
    awaitSearches("public");
  }

  @Test
  void aPageWithoutStorageSendsAll() {
    browser.openPage(
        host(),
        """
        <script>
          window.thrown = [];
          addEventListener('error', event => thrown.push(event.message));
          for (const name of ['localStorage', 'sessionStorage']) {
            Object.defineProperty(window, name, {get() { throw new Error('blocked'); }});
          }
        </script>
        <script src="%s/lastword.js" data-user="%s" data-input="#q"></script><input id="q">
        """
            .formatted(server.getURI(), user));
    browser.type("#q", "no storage");
    awaitSearches("no storage");
  }

  /** A service that takes connections and never answers. */
  @Test
  void aHangingServiceDoesNotHoldUpThePage() throws IOException {
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      open("http://127.0.0.1:" + hanging.getLocalPort(), "data-input=\"#q\"", "");
      browser.type("#q", "fluent typing");
      assertThat(browser.run("return q.value")).isEqualTo("fluent typing");
    }
  }

  @Test
  void aBoxThatIsDetachedIsNotLogged() {
    open("<input class=s><script>const detach = lastword.attach('.s')</script>");
    browser.type(".s", "seen");
    browser.run("detach()");
    browser.type(".s", " unseen");
    awaitSearches("seen");
  }

  @Test
  void thePageOfTheReadmeWorks() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Matcher block =
        Pattern.compile("<!-- ci: snippet -->\\s+```html\\n(.*?)```", Pattern.DOTALL)
            .matcher(readme);
    assertThat(block.find()).isTrue();
    browser.openPage(
        host(),
        "<script>window.thrown = []</script>"
            + block.group(1).replace("http://127.0.0.1:8080", server.getURI().toString()));
    browser.run("lastword.configure({user: '" + user + "'})");
    browser.type("#search", "Busines");
    awaitSearches("Busines");
  }

  @Test
  void anImportedModuleIsTheSame() {
    browser.openPage(
        host(),
        """
        <script>window.thrown = []</script>
        <script type="module">
          import '%s/lastword.js';
          lastword.configure({url: '%s/', user: '%s'});
          lastword.attach(document.querySelector('#q'));
        </script>
        <input id="q">
        """
            .formatted(server.getURI(), server.getURI(), user));
    browser.type("#q", "imported");
    awaitSearches("imported");
  }

  @Test
  void theScriptIsSmall() throws IOException {
    open("");
    byte[] script = http.get("/lastword.js").body().getBytes(StandardCharsets.UTF_8);
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(script);
    }
    assertThat(compressed.size()).isLessThan(3_000);
  }
}
