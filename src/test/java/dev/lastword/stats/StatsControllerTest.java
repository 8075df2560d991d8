package dev.lastword.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class StatsControllerTest {

  @Inject HttpCalls http;
  @Inject Rows rows;
  @Inject MeterRegistry meters;
  @Inject TransactionOperations<Connection> transactions;

  @BeforeEach
  void empty() {
    rows.clear();
  }

  @Test
  void anEmptyDatabaseIsAllZero() {
    JsonNode totals = totals();
    assertThat(totals.get("staged").getLongValue()).isZero();
    assertThat(totals.get("promoted").getLongValue()).isZero();
    assertThat(totals.get("keystrokes_logged").getLongValue()).isZero();
    assertThat(totals.get("promotion_lag_ms").getLongValue()).isZero();
    assertThat(totals.get("oldest_staged_at").isNull()).isTrue();
    assertThat(totals.get("newest_staged_at").isNull()).isTrue();
  }

  @Test
  void theTopicsOfOneTenantCostNoOther() throws Exception {
    rows.execute(
        """
        INSERT INTO daily_topic (tenant_id, day, topic, bucket, events, duplicates, changed, rejected, value_count, value_sum)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
        SELECT IF(i < 3, 1, 2), '2026-01-01', CONCAT('topic-', i), b, 1, 0, 0, 0, 0, 0
        FROM n JOIN (SELECT 0 AS b UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) AS buckets
        """);
    assertThat(totals().get("topics").size()).isEqualTo(3);
    long read =
        transactions.executeRead(
            status -> {
              String query = EventTotalsReader.BY_TOPIC.replace("?", "1");
              try (var statement = status.getConnection().createStatement()) {
                statement.execute("FLUSH STATUS");
                statement.executeQuery(query).close();
                long rowsRead = 0;
                try (var counters = statement.executeQuery("SHOW STATUS LIKE 'Handler_read_%'")) {
                  while (counters.next()) {
                    rowsRead += counters.getLong(2);
                  }
                }
                return rowsRead;
              }
            });
    assertThat(read).isLessThan(100);
  }

  @Test
  void countsWhatIsStagedAndWhatWasLoggedOfThisTenant() {
    rows.staged("s1", "a", 2, false);
    rows.staged("s2", "b", 1, false);
    rows.staged("s3", "c", 1, false);
    rows.execute("UPDATE search_staging SET tenant_id = 2 WHERE session_id = 's3'");
    rows.execute(
        """
        INSERT INTO hourly_search (tenant_id, hour, searches, keystrokes)
        VALUES (1, '2025-10-12 08:00', 3, 30), (1, '2025-10-12 09:00', 4, 40),
               (2, '2025-10-12 08:00', 100, 100)
        """);
    JsonNode totals = totals();
    assertThat(totals.get("staged").getLongValue()).isEqualTo(2);
    assertThat(totals.get("promoted").getLongValue()).isEqualTo(7);
    assertThat(totals.get("keystrokes_logged").getLongValue()).isEqualTo(70);
    assertThat(totals.get("oldest_staged_at").getStringValue())
        .isLessThan(totals.get("newest_staged_at").getStringValue());
  }

  @Test
  void aSessionWithinTheWindowDoesNotLag() {
    rows.staged("s1", "a", 0, false);
    assertThat(totals().get("promotion_lag_ms").getLongValue()).isZero();
  }

  @Test
  void theLagCountsFromTheEndOfTheWindow() {
    rows.staged("s1", "a", 65, false);
    assertThat(totals().get("promotion_lag_ms").getLongValue()).isBetween(60_000L, 75_000L);
  }

  @Test
  void aSubmittedSearchWaitsFromItsLastKeystroke() {
    rows.staged("s1", "a", 3, true);
    assertThat(totals().get("promotion_lag_ms").getLongValue()).isBetween(3_000L, 30_000L);
  }

  @Test
  void eventsAreReceivedAsAcceptedAndDuplicatesAndRejected() {
    rows.execute(
        """
        INSERT INTO daily_topic
          (bucket, tenant_id, day, topic, events, duplicates, changed, rejected, value_count, value_sum)
        VALUES (1, 1, '2025-10-12', 'order', 7, 3, 1, 2, 0, 0), (2, 1, '2025-10-13', 'order', 1, 0, 0, 0, 0, 0),
               (1, 1, '2025-10-12', 'login', 5, 1, 0, 0, 0, 0), (1, 2, '2025-10-12', 'login', 9, 9, 9, 9, 0, 0)
        """);
    JsonNode totals = totals();
    assertThat(totals.get("received").getLongValue()).isEqualTo(19);
    assertThat(totals.get("accepted").getLongValue()).isEqualTo(13);
    assertThat(totals.get("unique_processed").getLongValue()).isEqualTo(13);
    assertThat(totals.get("duplicates").getLongValue()).isEqualTo(4);
    assertThat(totals.get("duplicate_dropped").getLongValue()).isEqualTo(4);
    assertThat(totals.get("changed").getLongValue()).isEqualTo(1);
    assertThat(totals.get("rejected").getLongValue()).isEqualTo(2);
    assertThat(totals.get("topics").get("order").getLongValue()).isEqualTo(8);
    assertThat(totals.get("by_topic").get("login").get("received").getLongValue()).isEqualTo(6);
    assertThat(totals.get("uptime").getLongValue()).isPositive();
  }

  @Test
  void theNodeTellsItsOwnCounts() {
    long received = node("keystrokes_received");
    long promoted = node("searches_promoted");
    meters.counter("lastword.keystrokes.received", "tenant", "1").increment(5);
    meters.counter("lastword.searches.promoted", "tenant", "1").increment(2);
    meters.counter("lastword.searches.dropped", "tenant", "2", "reason", "made_up").increment(3);
    assertThat(node("keystrokes_received")).isEqualTo(received + 5);
    assertThat(node("keystrokes_rejected")).isNotNegative();
    assertThat(node("searches_promoted")).isEqualTo(promoted + 2);
    assertThat(totals().get("node").get("searches_dropped").get("made_up").getLongValue())
        .isEqualTo(3);
    assertThat(node("uptime_seconds")).isPositive();
    meters.counter("lastword.keystrokes.lost", "tenant", "2").increment(received + 5);
    assertThat(totals().get("node").get("loss_rate").getDoubleValue()).isEqualTo(0.5);
  }

  @Test
  void theResponseSaysWhatItIncludes() {
    Instant before =
        Instant.parse(http.get("/stats").headers().firstValue(Answers.AS_OF).orElseThrow());
    Instant after =
        Instant.parse(http.get("/stats").headers().firstValue(Answers.AS_OF).orElseThrow());
    assertThat(after).isAfterOrEqualTo(before);
    assertThat(Duration.between(after, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
  }

  private long node(String field) {
    return totals().get("node").get(field).getLongValue();
  }

  private JsonNode totals() {
    return http.json(http.get("/stats"));
  }
}
