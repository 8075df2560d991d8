package dev.lastword.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.Browser;
import dev.lastword.HttpCalls;
import dev.lastword.cli.LastwordCommand;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the views of the page that answer questions, with the data of some days. */
@Tag("browser")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "500ms")
@Property(name = "lastword.rest", value = "200ms")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final LocalDate YESTERDAY = LocalDate.now(ZoneOffset.UTC).minusDays(1);
  private static final String DAYS = "from=%s&to=%s".formatted(YESTERDAY.minusDays(2), YESTERDAY);

  private static final String ROWS = "return document.querySelectorAll(args[0]).length";

  @RegisterExtension static final Browser browser = new Browser();

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;

  @Value("${lastword.db.url}")
  String url;

  @BeforeAll
  void start() {
    assertThat(LastwordCommand.run("demo", "--days", "5", "--db-url", url)).isZero();
  }

  @BeforeEach
  void clear() {
    browser.view(1440, 900, false);
    browser.open("about:blank");
    browser.complaints();
  }

  private void open(String view) {
    browser.open("about:blank");
    browser.open(server.getURI() + "/" + view);
    await("the view is complete")
        .atMost(SOON)
        .until(
            () ->
                Boolean.TRUE.equals(
                    browser.run(
                        "return document.querySelector('main:not([aria-busy]) h1') !== null")));
  }

  private static String part(String heading, String selector) {
    return ".part[aria-label='%s'] %s".formatted(heading, selector);
  }

  @Test
  void aClickOnASearchFiltersTheView() throws IOException {
    open("#searches?" + DAYS);
    assertThat(browser.text(".figures")).contains("Searches per session", "▲");
    assertThat(browser.text(part("Searches over time", ".u-legend"))).contains("Before");
    assertThat(browser.text(part("The log", "tbody"))).contains("demo-");
    browser.click(part("Top searches", ".quiet"));
    assertThat(browser.download("top-searches.csv"))
        .startsWith("keyword,count,share,users,sessions,rank,");

    String keyword = browser.text(part("Top searches", "tbody a"));
    browser.click(part("Top searches", "tbody a"));
    browser.awaitText("h2", "Searches for “" + keyword + "”");
    assertThat(browser.run("return location.hash")).asString().contains("keyword=");
    assertThat(browser.text(".figures")).contains("Share of all", "Searched for nothing more");
    assertThat(browser.text(part("Searched next", "tbody"))).contains(keyword);
    Object others =
        browser.run(
            """
            return [...document.querySelectorAll('td .keyword')]
              .filter(cell => cell.textContent.toLowerCase() !== args[0]).length;
            """,
            keyword);
    assertThat(others).isEqualTo(0L);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aPeriodOfAChartOpensItsDaysOrHour() {
    open("#searches?from=%s&to=%s".formatted(YESTERDAY.minusDays(130), YESTERDAY));
    LocalDate monday = YESTERDAY.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    openPeriod("details tbody tr:last-child a", 7);
    assertThat(browser.run("return location.hash"))
        .isEqualTo("#searches?from=%s&to=%s".formatted(monday, monday.plusDays(6)));

    open("#searches?" + DAYS);
    openPeriod("details tbody a", 24);
    assertThat(browser.run("return location.hash"))
        .isEqualTo("#searches?from=%1$s&to=%1$s".formatted(YESTERDAY.minusDays(2)));

    String hour = "details td.numeric a";
    browser.click("summary");
    long searches = Long.parseLong(browser.text(hour));
    browser.click(hour);
    browser.awaitText(".part[aria-label^='The log'] h2", ":00–");
    assertThat(searches).isBetween(1L, 25L);
    assertThat(browser.run(ROWS, "td .keyword")).isEqualTo(searches);
    browser.click("a.quiet");
    await("the log is of the whole day again")
        .atMost(SOON)
        .until(() -> browser.text(".part[aria-label^='The log'] h2").equals("The log"));
  }

  private void openPeriod(String link, long periods) {
    browser.click("summary");
    browser.click(link);
    await("the chart has these periods")
        .atMost(SOON)
        .until(() -> Long.valueOf(periods).equals(browser.run(ROWS, "details tbody tr")));
  }

  @Test
  void everyNumberOpensWhatIsBehindIt() {
    for (String view :
        List.of("#searches?", "#searches?keyword=fountain%20pen&", "#people?", "#events?")) {
      open(view + DAYS);
      Object plain =
          browser.run(
              """
              const title = cell => cell.closest('table').querySelectorAll('thead th')[cell.cellIndex].textContent;
              return [...document.querySelectorAll('.number, td.numeric')]
                .filter(number => /[1-9]/.test(number.textContent) && !number.matches('a, button') && !number.querySelector('a'))
                .map(number => number.matches('td') ? title(number) : number.parentNode.textContent)
                .filter(name => !args.includes(name));
              """,
              // Of the row itself, or of searches that are not in the list.
              "#",
              "Keystrokes",
              "Value",
              "Rank before");
      assertThat(plain).as(view).asList().isEmpty();
    }
    open("#searches?" + DAYS);
    String users = part("Top searches", "td:nth-child(5) a");
    String count = browser.text(users);
    browser.click(users);
    browser.awaitText("h2", count + " user");
    assertThat(browser.text(".part .facts")).startsWith("Searched for “");
    assertThat(browser.run(ROWS, "tbody tr")).isEqualTo(Long.valueOf(count));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void figuresAreOfTheRangeAlsoIfTheChartHasWeeks() {
    String days = "from=%s&to=%s".formatted(YESTERDAY.minusDays(200), YESTERDAY);
    open("#searches?" + days);
    String keyword = browser.text(part("Top searches", "tbody a"));
    String count = browser.text(part("Top searches", "tbody td:nth-child(3)"));
    browser.click(part("Top searches", "tbody a"));
    browser.awaitText("h2", "Searches for “" + keyword + "”");
    assertThat(browser.text(".figures .number")).isEqualTo(count);
  }

  @Test
  void moreRowsOfTheLogFollow() {
    open("#searches?" + DAYS);
    String rows = part("The log", "tbody tr");
    assertThat(browser.run(ROWS, rows)).isEqualTo(25L);
    browser.click(".part[aria-label='The log'] > .quiet");
    await("50 rows of the log")
        .atMost(SOON)
        .until(() -> Long.valueOf(50).equals(browser.run(ROWS, rows)));
  }

  @Test
  void peopleComeBackAndGoTheirWay() throws IOException {
    open("#people?" + DAYS);
    assertThat(browser.text(".figures")).contains("the day before");
    assertThat(browser.text(part("Who came back", "tbody"))).contains("%").hasLineCount(3);
    browser.click(part("Who came back", ".quiet"));
    assertThat(browser.download("retention.csv")).startsWith("cohort,size,period,returned,rate");

    Object returned =
        browser.run("return document.querySelector('td.heat[title]').title.split(' ')[0]");
    browser.click("td.heat[title] a");
    browser.awaitText("h2", returned + " user");
    assertThat(browser.run(ROWS, "tbody tr")).isEqualTo(Long.valueOf(returned.toString()));
    browser.click("tbody a");
    browser.awaitText("h2", "User demo-user-");

    open("#searches?" + DAYS);
    String user =
        String.valueOf(
            browser.run(
                """
                const link = [...document.querySelectorAll('td a')].find(link => link.hash.includes('user='));
                link.click();
                return link.textContent;
                """));
    browser.awaitText("h2", "User " + user);
    assertThat(browser.text(".way")).contains("page_view", "keystrokes");
    browser.click("h3 a");
    browser.awaitText("h2", "Session demo-");
    assertThat(browser.text("h3")).contains(user);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void eventsAreFilteredAggregatedAndFollowed() throws IOException {
    open("#events?topic=order&fn=avg&" + DAYS);
    assertThat(browser.text("h2")).isEqualTo("Average: order");
    assertThat(browser.run(ROWS, "details tbody tr")).isEqualTo(3L);
    browser.click(part("The log", ".quiet[aria-label]"));
    assertThat(browser.download("events.csv").lines().skip(1))
        .allMatch(row -> row.contains(",order,"));

    browser.click(part("The log", "[aria-pressed]"));
    browser.awaitText(".live", "New events appear here.");
    await("the new event in the log")
        .atMost(SOON)
        .until(
            () -> {
              http.post(
                  "/events",
                  "[{\"topic\": \"order\", \"user_id\": \"ann\", \"value\": 12.5}, {\"topic\": \"other\"}]",
                  "Content-Type",
                  "application/json");
              return browser.text(".live").contains("12.5");
            });
    assertThat(browser.text(".live")).doesNotContain("other");

    browser.click(".part > .scroll td a[href*='user=']");
    browser.awaitText("h2", "User demo-user-");
    assertThat(
            browser.run("return [...document.querySelectorAll('.way')].map(way => way.innerText)"))
        .as("the user's visits, of which the order was one")
        .asString()
        .contains("order");
    assertThat(browser.run("return location.hash")).asString().contains(DAYS);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aLinkWithoutSenseSaysWhy() {
    open("#searches?from=yesterday");
    assertThat(browser.text("main")).contains("This link does not work", "from");
    open("#people?from=2020-01-02&to=2020-01-01");
    assertThat(browser.text("main")).contains("This link does not work", "from");
    open("#events?fn=avg&value=nothing&" + DAYS);
    assertThat(browser.text(".part")).contains("value");
    assertThat(browser.text(part("Topics", "tbody"))).contains("page_view");
  }

  @ParameterizedTest
  @ValueSource(strings = {"#searches", "#people", "#events"})
  void aViewIsForEveryone(String view) {
    for (int width : List.of(360, 2560)) {
      browser.view(width, 800, width > 1000);
      open(view);
      assertThat(browser.barriers()).as("%s, %d px", view, width).isEmpty();
      assertThat(browser.overflow()).as("%s, %d px", view, width).isEqualTo(0L);
    }
    assertThat(browser.complaints()).isEmpty();
  }
}
