package dev.lastword;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium, and a server with a page whose origin is not that of the service. As an
 * extension of a class of tests, it gives that class a browser that remembers nothing, and each
 * test one without cookies. All classes of a process share one Chromium.
 *
 * <p>Selenium looks for browser and driver where Debian's package {@code chromium-driver} does not
 * have them. Tests are reported as not run if there is no browser, except in CI, where they fail.
 */
public final class Browser implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private static final File PROGRAM = new File("/usr/bin/chromedriver");

  /** Starts with the first class that needs it, and ends with this process. */
  private static final class Chromium {
    static final Path DOWNLOADS = downloads();
    static final ChromeDriver DRIVER = start();

    private static Path downloads() {
      try {
        return Files.createTempDirectory("downloads");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static ChromeDriver start() {
      var service = new ChromeDriverService.Builder();
      ChromeDriver driver =
          new ChromeDriver(
              PROGRAM.exists() ? service.usingDriverExecutable(PROGRAM).build() : service.build(),
              options());
      driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    driver.quit();
                    empty(DOWNLOADS);
                    DOWNLOADS.toFile().delete();
                  }));
      return driver;
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer pages;
  private @Nullable ChromeDriver started;
  private volatile String page = "";

  public Browser() {
    try {
      // A port of its own, so that pages of other classes have other origins.
      pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pages.createContext(
        "/",
        exchange -> {
          byte[] html = ("<!doctype html><title>A page</title>" + page).getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, html.length);
          exchange.getResponseBody().write(html);
          exchange.close();
        });
    // Browsers also open connections on which they ask for nothing yet.
    pages.setExecutor(threads);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    try {
      started = Chromium.DRIVER;
    } catch (LinkageError e) {
      MissingProgram.abort(
          "pages in a browser", "Chromium and chromedriver, Debian: chromium-driver", e);
    }
    command("Network.clearBrowserCache", Map.of());
    command("Emulation.clearDeviceMetricsOverride", Map.of());
    command("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    empty(Chromium.DOWNLOADS);
    complaints();
    pages.start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    command("Network.clearBrowserCookies", Map.of());
  }

  /** Leaves one empty tab. */
  @Override
  public void afterAll(ExtensionContext context) {
    if (started != null) {
      List<String> tabs = List.copyOf(started.getWindowHandles());
      for (String tab : tabs.subList(1, tabs.size())) {
        started.switchTo().window(tab);
        started.close();
      }
      started.switchTo().window(tabs.get(0));
      started.get("about:blank");
      pages.stop(0);
    }
    threads.shutdownNow();
  }

  private ChromeDriver driver() {
    return Objects.requireNonNull(started);
  }

  private static ChromeOptions options() {
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options =
        new ChromeOptions()
            .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")
            .setExperimentalOption(
                "prefs", Map.of("download.default_directory", Chromium.DOWNLOADS.toString()));
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options;
  }

  private static void empty(Path folder) {
    for (File file : Objects.requireNonNull(folder.toFile().listFiles())) {
      file.delete();
    }
  }

  /** Waits for a download, removes its file, and returns its text. */
  public String download(String name) throws IOException {
    Path file = Chromium.DOWNLOADS.resolve(name);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(file).as("download").exists());
    String text = Files.readString(file);
    Files.delete(file);
    return text;
  }

  /** Opens an empty page under a host name of this machine, and returns its origin. */
  public String openPage(String host) {
    return openPage(host, "");
  }

  /** Opens a page, which is also that of all other paths of its origin. */
  public String openPage(String host, String html) {
    page = html;
    String origin = "http://%s:%d".formatted(host, pages.getAddress().getPort());
    driver().get(origin + "/");
    // Seen on a busy machine: the driver did not wait, after another page had been left.
    await("the page of " + origin)
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                driver()
                    .executeScript(
                        "return document.readyState === 'complete' && location.origin === arguments[0]",
                        origin),
            Boolean.TRUE::equals);
    return origin;
  }

  /** Types into the first element that matches a selector. */
  public void type(String selector, CharSequence... keys) {
    driver().findElement(By.cssSelector(selector)).sendKeys(keys);
  }

  public void click(String selector) {
    driver().findElement(By.cssSelector(selector)).click();
  }

  /** Returns the text of the first element that matches a selector; empty if there is none. */
  public String text(String selector) {
    Object text =
        driver()
            .executeScript(
                "return document.querySelector(arguments[0])?.innerText ?? ''", selector);
    return String.valueOf(text);
  }

  /** Waits until an element has a text, for up to twenty seconds. */
  public void awaitText(String selector, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(text(selector)).contains(text));
  }

  /** Returns by how many pixels the page is wider than its window. */
  public long overflow() {
    return (long)
        Objects.requireNonNull(
            run(
                "const page = document.documentElement; return page.scrollWidth - page.clientWidth"));
  }

  /** Sets the size of the page, in pixels, and the colour scheme that the visitor prefers. */
  public void view(int width, int height, boolean dark) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Disconnects the browser from the network, or connects it again. */
  public void offline(boolean offline) {
    command("Network.enable", Map.of());
    command(
        "Network.emulateNetworkConditions",
        Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Returns what the browser complained of since the last call, such as violated policies. */
  public List<String> complaints() {
    return driver().manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Returns what axe-core finds wrong for people with disabilities, if it is serious. */
  public List<?> barriers() {
    try (InputStream axe =
        Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
      driver().executeScript(new String(axe.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (List<?>)
        Objects.requireNonNull(
            run(
                """
                const {violations} = await axe.run();
                return violations
                  .filter(({impact}) => impact === 'serious' || impact === 'critical')
                  .map(({id, nodes}) => id + ': ' + nodes.map(node => node.html + ' ' + node.failureSummary).join(' '));
                """));
  }

  /** Sends a command of the DevTools protocol. */
  public void command(String name, Map<String, Object> parameters) {
    driver().executeCdpCommand(name, parameters);
  }

  /** Continues in a tab, by the order in which they were opened, from 0. */
  public void switchToTab(int number) {
    driver().switchTo().window(List.copyOf(driver().getWindowHandles()).get(number));
  }

  public void open(String url) {
    driver().get(url);
  }

  /** Loads the page again, as the button of a browser does. */
  public void reload() {
    driver().navigate().refresh();
  }

  /**
   * Runs an asynchronous function of the page.
   *
   * @param body its body, whose arguments are {@code args}
   * @return what it returns, or the name of what it throws
   */
  public @Nullable Object run(String body, Object... args) {
    return driver()
        .executeAsyncScript(
            """
        const args = [...arguments], done = args.pop();
        (async () => {%s})().then(done, error => done(error.name));
        """
                .formatted(body),
            args);
  }
}
