package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@MicronautTest(transactional = false)
@Property(name = "micronaut.server.port", value = "-1")
class MetricsTest {

  /** A sample of the text format: name, optional labels, value. */
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][\\w:]*)(\\{(?:[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\",?)+})? (\\S+)");

  @Inject EmbeddedServer node;

  @Test
  void everyLineIsPrometheusText() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .get()
        .asString()
        .startsWith("text/plain");
    assertThat(samples(answer.body()))
        .containsKeys(
            "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"}",
            "process_uptime_seconds",
            "lastword_partition_overflow_rows{table=\"search_log\"}")
        .anySatisfy(
            (sample, value) -> assertThat(sample).startsWith("hikaricp_connections_active{"));
  }

  @Test
  void readsAreTimedOnceByPathAndKeystrokesAreNot() throws Exception {
    get("/searches?limit=1");
    get("/searches?limit=2");
    get("/log");
    Map<String, Double> requests = new TreeMap<>(samples(get("/metrics").body()));
    requests.keySet().removeIf(sample -> !sample.contains("request") || !sample.contains("_count"));
    assertThat(requests)
        .containsExactly(
            entry(
                "api_request_duration_seconds_count{endpoint=\"/searches\",method=\"GET\"}", 2.0));
  }

  @Test
  void theListOfOtherEndpointsIsClosed() throws Exception {
    for (String path : new String[] {"/prometheus", "/beans", "/env", "/routes", "/loggers"}) {
      assertThat(entry(path, get(path).statusCode())).isEqualTo(entry(path, 404));
    }
  }

  private static Map<String, Double> samples(String body) {
    Map<String, Double> samples = new TreeMap<>();
    body.lines()
        .filter(line -> !line.startsWith("# HELP ") && !line.startsWith("# TYPE "))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              String labels = sample.group(2) == null ? "" : sample.group(2);
              samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
            });
    return samples;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(node.getURL() + path)).build(),
            BodyHandlers.ofString());
  }
}
