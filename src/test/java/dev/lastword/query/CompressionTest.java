package dev.lastword.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class CompressionTest {

  @Inject HttpCalls http;
  @Inject Rows rows;

  @BeforeEach
  void someRows() {
    rows.clear();
    rows.loggedMany(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/csv", "application/x-ndjson"})
  void responsesAreCompressedOnRequest(String type) throws IOException {
    var plain = http.get("/searches?limit=500", BodyHandlers.ofByteArray(), "Accept", type);
    var small =
        http.get(
            "/searches?limit=500",
            BodyHandlers.ofByteArray(),
            "Accept",
            type,
            "Accept-Encoding",
            "gzip");
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(small.body().length).isLessThan(plain.body().length / 4);
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(small.body()))) {
      assertThat(new String(unzipped.readAllBytes(), UTF_8))
          .isEqualTo(new String(plain.body(), UTF_8));
    }
  }

  @Test
  void eventsAreCompressedToo() {
    for (int i = 0; i < 20; i++) {
      rows.event(i, "a line of a log that is much like the others", "2025-10-12");
    }
    for (String path : List.of("/events", "/query")) {
      var answer = http.get(path, BodyHandlers.ofByteArray(), "Accept-Encoding", "gzip");
      assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(answer.body().length).isLessThan(2_000);
    }
  }

  @Test
  void aSmallAnswerIsLeftAsItIs() {
    var answer = http.get("/stats", BodyHandlers.ofByteArray(), "Accept-Encoding", "gzip");
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
  }
}
