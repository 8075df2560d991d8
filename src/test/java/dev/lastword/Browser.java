package dev.lastword;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium, and a server with a page whose origin is not that of the service. Selenium
 * looks for browser and driver where Debian's package {@code chromium-driver} does not have them.
 *
 * <p>Tests are reported as not run if there is no browser, except in CI, where they fail.
 */
public final class Browser implements AutoCloseable {
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer pages;
  private final ChromeDriver driver;
  private volatile String page = "";

  /**
   * @param downloads the folder for downloads
   */
  public Browser(Path downloads) {
    try {
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
    try {
      driver = start(downloads);
    } catch (WebDriverException e) {
      Assumptions.assumeTrue(System.getenv("CI") != null, "There is no Chromium.");
      throw e;
    }
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
    pages.start();
  }

  private static ChromeDriver start(Path downloads) {
    var service = new ChromeDriverService.Builder();
    return new ChromeDriver(
        DRIVER.exists() ? service.usingDriverExecutable(DRIVER).build() : service.build(),
        new ChromeOptions()
            .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")
            .setExperimentalOption(
                "prefs", Map.of("download.default_directory", downloads.toString())));
  }

  /** Opens an empty page under a host name of this machine, and returns its origin. */
  public String openPage(String host) {
    return openPage(host, "");
  }

  /** Opens a page, which is also that of all other paths of its origin. */
  public String openPage(String host, String html) {
    page = html;
    String origin = "http://%s:%d".formatted(host, pages.getAddress().getPort());
    driver.get(origin + "/");
    return origin;
  }

  /** Types into the first element that matches a selector. */
  public void type(String selector, CharSequence... keys) {
    driver.findElement(By.cssSelector(selector)).sendKeys(keys);
  }

  public void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  /** Sends a command of the DevTools protocol. */
  public void command(String name, Map<String, Object> parameters) {
    driver.executeCdpCommand(name, parameters);
  }

  /** Continues in a tab, by the order in which they were opened, from 0. */
  public void switchToTab(int number) {
    driver.switchTo().window(List.copyOf(driver.getWindowHandles()).get(number));
  }

  public void open(String url) {
    driver.get(url);
  }

  /**
   * Runs an asynchronous function of the page.
   *
   * @param body its body, whose arguments are {@code args}
   * @return what it returns, or the name of what it throws
   */
  public @Nullable Object run(String body, Object... args) {
    return driver.executeAsyncScript(
        """
        const args = [...arguments], done = args.pop();
        (async () => {%s})().then(done, error => done(error.name));
        """
            .formatted(body),
        args);
  }

  @Override
  public void close() {
    driver.quit();
    pages.stop(0);
    threads.shutdownNow();
  }
}
