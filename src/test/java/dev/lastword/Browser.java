package dev.lastword;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium, and a server with an empty page, whose origin is not that of the service.
 * Selenium looks for browser and driver where Debian's package {@code chromium-driver} does not
 * have them.
 */
public final class Browser implements AutoCloseable {
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  private final HttpServer pages;
  private final ChromeDriver driver;

  /**
   * @param downloads the folder for downloads
   */
  public Browser(Path downloads) {
    try {
      pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] page = "<!doctype html><title>A page</title>".getBytes(StandardCharsets.UTF_8);
    pages.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    pages.start();
    var service = new ChromeDriverService.Builder();
    driver =
        new ChromeDriver(
            DRIVER.exists() ? service.usingDriverExecutable(DRIVER).build() : service.build(),
            new ChromeOptions()
                .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")
                .setExperimentalOption(
                    "prefs", Map.of("download.default_directory", downloads.toString())));
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
  }

  /** Opens the page under a host name of this machine, and returns its origin. */
  public String openPage(String host) {
    String origin = "http://%s:%d".formatted(host, pages.getAddress().getPort());
    driver.get(origin + "/");
    return origin;
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
  }
}
