package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.Browser;
import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls the service from pages of other origins, in a real browser. */
@Tag("browser")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "100ms")
@Property(name = "lastword.rest", value = "50ms")
class CrossOriginBrowserTest {

  @RegisterExtension static final Browser browser = new Browser();

  @Inject EmbeddedServer server;
  @Inject HttpCalls http;

  private @Nullable Object run(String body) {
    return browser.run("const url = '" + server.getURI() + "';" + body);
  }

  private void awaitSearch(String keyword) {
    await("the search in the log")
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.get("/searches?starts_with=" + keyword).body().contains(keyword));
  }

  @Test
  void aPageOfThisMachineSendsABeacon() {
    browser.openPage("localhost");
    assertThat(
            run(
                """
                return navigator.sendBeacon(
                  url + '/log', JSON.stringify({session_id: 'beacon', keyword: 'beacon'}));
                """))
        .isEqualTo(true);
    awaitSearch("beacon");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void aPageOfThisMachineSendsAndReadsJson(String host) {
    browser.openPage(host);
    assertThat(
            run(
                """
                const response = await fetch(url + '/events', {
                  method: 'POST',
                  headers: {'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID()},
                  body: JSON.stringify([{topic: 'page', event_id: 'e'}])
                });
                return response.status + ' ' + (await response.json()).status;
                """))
        .isEqualTo("202 accepted");
    assertThat(
            run(
                """
                const response = await fetch(url + '/stats/dau');
                return response.status + ' ' + response.headers.get('Lastword-Source');
                """))
        .isEqualTo("200 counts");
  }

  @Test
  void aPageReadsErrorsAsWell() {
    browser.openPage("localhost");
    assertThat(
            run(
                """
                const response = await fetch(url + '/searches?limit=many');
                return response.status + ' ' + (await response.json()).title;
                """))
        .isEqualTo("400 Bad Request");
  }

  @Test
  void aPageReceivesAStream() {
    browser.openPage("localhost");
    assertThat(
            run(
                """
                return await new Promise((resolve, reject) => {
                  const source = new EventSource(url + '/searches/stream');
                  source.onerror = () => reject(new Error('stream'));
                  source.onopen = () => fetch(url + '/log', {
                    method: 'POST',
                    headers: {'Content-Type': 'application/json'},
                    body: JSON.stringify({session_id: 'stream', keyword: 'streamed', submitted: true})
                  });
                  source.onmessage = event => {
                    const row = JSON.parse(event.data);
                    if (row.session_id === 'stream') {
                      source.close();
                      resolve(row.keyword);
                    }
                  };
                });
                """))
        .isEqualTo("streamed");
  }

  @Test
  void aPageDownloadsTheLog() throws IOException {
    http.post("/log", "{\"session_id\": \"download\", \"keyword\": \"downloaded\"}");
    awaitSearch("downloaded");
    browser.openPage("localhost");
    assertThat(
            run(
                """
                const response = await fetch(url + '/searches', {headers: {Accept: 'text/csv'}});
                const link = document.createElement('a');
                link.href = URL.createObjectURL(await response.blob());
                link.download = 'searches.csv';
                link.click();
                return response.headers.get('Content-Type');
                """))
        .asString()
        .startsWith("text/csv");
    assertThat(browser.download("searches.csv")).startsWith("id,").contains(",downloaded,");
  }

  /** A sandboxed frame has the origin null, on whichever site it is. */
  @Test
  void aFrameOfNoOriginNeitherReadsNorWrites() {
    browser.openPage("localhost");
    assertThat(
            run(
                """
                const frame = document.createElement('iframe');
                frame.sandbox = 'allow-scripts';
                frame.srcdoc = `<script>
                  fetch('${url}/log', {method: 'POST', body: JSON.stringify({session_id: 'frame', keyword: 'framed'})})
                    .then(() => 'answered', error => error.name)
                    .then(result => parent.postMessage(result, '*'));
                </script>`;
                document.body.append(frame);
                return await new Promise(resolve => addEventListener('message', event => resolve(event.data)));
                """))
        .isEqualTo("TypeError");
    assertThat(http.get("/searches/staged").body()).doesNotContain("framed");
  }

  @Test
  void theDocumentationWorksUnderItsOwnPolicy() {
    browser.open(server.getURI() + "/docs/index.html");
    assertThat(
            run(
                """
                for (let i = 0; i < 200 && !document.querySelector('.opblock'); i++) {
                  await new Promise(next => setTimeout(next, 50));
                }
                return document.querySelectorAll('.opblock').length > 20;
                """))
        .isEqualTo(true);
  }
}
