package dev.lastword.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the metric names that dashboards of other event APIs use. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class EventMetersTest {

  @Inject HttpCalls http;

  @Test
  void whatCameInIsCountedUnderUsualNamesAndByAHundredTopicsAtTheMost() {
    post(
        "[{\"topic\":\"first\",\"event_id\":1},{\"topic\":\"first\",\"event_id\":1},{\"value\":{}}]");
    post("{\"topic\":\"first\"}");
    http.get("/stats");
    http.post("/events", "nonsense", "Content-Type", "application/json");
    assertThat(metrics())
        .contains(
            "events_received_total{event_type=\"first\",tenant=\"1\"} 3.0",
            "events_received_total{event_type=\"default\",tenant=\"1\"} 1.0",
            "events_ingested_total{tenant=\"1\"} 2.0",
            "events_duplicate_total{tenant=\"1\"} 1.0",
            "events_failed_total{reason=\"invalid\",tenant=\"1\"} 1.0",
            "events_failed_total{reason=\"refused\",tenant=\"1\"} 0.0",
            "events_failed_total{reason=\"unavailable\",tenant=\"1\"} 0.0",
            "ingestion_duration_seconds_count 2",
            "api_requests_total{endpoint=\"/events\",method=\"POST\",status_code=\"202\"} 2.0",
            "api_requests_total{endpoint=\"/events\",method=\"POST\",status_code=\"400\"} 1.0",
            "api_requests_total{endpoint=\"/stats\",method=\"GET\",status_code=\"200\"} 1.0",
            "api_request_duration_seconds_count{endpoint=\"/stats\",method=\"GET\"} 1");
    post(
        IntStream.range(0, 110)
            .mapToObj("{\"topic\":\"many-%d\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]")));
    List<String> topics =
        metrics().stream().filter(line -> line.startsWith("events_received_total{")).toList();
    assertThat(topics)
        .hasSize(EventMeters.MAX_TOPICS + 1)
        .contains("events_received_total{event_type=\"other\",tenant=\"1\"} 12.0");
  }

  private void post(String body) {
    assertThat(http.post("/events", body, "Content-Type", "application/json").statusCode())
        .isEqualTo(202);
  }

  private List<String> metrics() {
    return http.get("/metrics").body().lines().toList();
  }
}
