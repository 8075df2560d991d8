package dev.lastword.stats;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates of random events, beside those that plain Java computes. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class AggregateTest {

  /** An event as it is sent; {@code ms} is the JSON of a field of the payload. */
  private record Sent(
      LocalDateTime at,
      String topic,
      @Nullable String user,
      @Nullable BigDecimal value,
      @Nullable String ms) {

    String json(int id) {
      return """
      {"event_id":"%d","occurred_at":"%sZ","topic":"%s"%s%s%s}"""
          .formatted(
              id,
              at,
              topic,
              user == null ? "" : ",\"user_id\":\"%s\"".formatted(user),
              value == null ? "" : ",\"value\":" + value.toPlainString(),
              ",\"payload\":{\"timing\":{%s\"other\":1}}"
                  .formatted(ms == null ? "" : "\"m\\\"s\":%s,".formatted(ms)));
    }

    @Nullable BigDecimal number(String value) {
      if (value.equals("value")) {
        return this.value;
      }
      return ms == null || ms.equals("null") || ms.equals("true") || ms.startsWith("\"")
          ? null
          : new BigDecimal(ms);
    }
  }

  @Inject HttpCalls http;
  @Inject Rows tables;

  private List<Sent> events = List.of();
  private ZoneId zone = ZoneOffset.UTC;

  private LocalDate localDay(LocalDateTime utc) {
    return utc.atZone(ZoneOffset.UTC).withZoneSameInstant(zone).toLocalDate();
  }

  private boolean isUtc() {
    return zone.equals(ZoneOffset.UTC);
  }

  @BeforeEach
  void someEvents() {
    tables.clear();
    tables.execute("DELETE FROM event_key");
    Random random = new Random(11);
    List<LocalDate> starts = List.of(LocalDate.of(2020, 12, 24), LocalDate.of(2024, 2, 26));
    List<String> others = List.of("null", "true", "\"5\"", "0", "-3", "2.25", "1e3", "0.1");
    events =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    new Sent(
                        starts
                            .get(random.nextInt(2))
                            .atStartOfDay()
                            .plusSeconds(random.nextInt(12 * 86_400)),
                        "topic " + random.nextInt(3),
                        random.nextInt(5) == 0 ? null : "user " + random.nextInt(6),
                        random.nextInt(4) == 0
                            ? null
                            : BigDecimal.valueOf(
                                random.nextInt(2_000_000) - 500_000, random.nextInt(10)),
                        random.nextInt(4) == 0 ? null : others.get(random.nextInt(others.size()))))
            .toList();
    String body =
        IntStream.range(0, events.size())
            .mapToObj(i -> events.get(i).json(i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(http.post("/events", body, "Content-Type", "application/json").body())
        .contains("\"accepted\":500,");
  }

  static Stream<String> functions() {
    return Stream.of("count", "sum", "avg", "min", "max");
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-24, 2021-01-10, day, '', '', value",
    "2020-12-24, 2021-01-10, week, topic 1, '', value",
    "2020-12-31, 2021-01-01, month, '', '', value",
    "2024-02-29, 2024-02-29, day, topic 0, '', value",
    "2019-01-01, 2019-01-31, week, '', '', value",
    "2020-12-24, 2024-03-31, month, '', user 3, value",
    "2024-02-20, 2024-03-10, day, topic 2, user 1, value",
    "2024-02-20, 2024-03-10, week, '', no such user, value",
    "2020-12-24, 2021-01-10, day, '', '', payload.timing.m\"s",
    "2024-02-20, 2024-03-10, week, topic 1, '', payload.timing.m\"s",
    "2020-12-24, 2024-03-31, month, '', user 0, payload.timing.m\"s",
    "2020-12-24, 2021-01-10, week, '', '', payload.no.such.number",
  })
  void aggregatesEvents(
      String from, String to, String granularity, String topic, String user, String value) {
    aggregates(from, to, granularity, topic, user, value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Asia/Kolkata"})
  void aggregatesEventsOnDaysOfOtherTimeZones(String tz) {
    zone = ZoneId.of(tz);
    aggregates("2020-12-24", "2021-01-10", "day", "topic 1", "", "value");
    aggregates("2024-02-28", "2024-03-03", "week", "", "user 1", "value");
    aggregates("2020-12-24", "2021-01-10", "month", "", "", "payload.timing.m\"s");
  }

  private void aggregates(
      String from, String to, String granularity, String topic, String user, String value) {
    for (String fn : functions().toList()) {
      for (boolean fill : new boolean[] {true, false}) {
        String query =
            "from=%s&to=%s&granularity=%s&fn=%s&fill=%s".formatted(from, to, granularity, fn, fill)
                + (isUtc() ? "" : "&tz=" + zone.getId())
                + (topic.isEmpty() ? "" : "&topic=" + topic.replace(" ", "%20"))
                + (user.isEmpty() ? "" : "&user_id=" + user.replace(" ", "%20"))
                + (value.equals("value") ? "" : "&value=" + value.replace("\"", "%22"));
        assertThat(csv(query))
            .as(query)
            .containsExactlyElementsOf(
                expected(from, to, granularity, topic, user, value, fn, fill));
        boolean counted = isUtc() && user.isEmpty() && value.equals("value");
        assertThat(http.json(get(query)).get("source").getStringValue())
            .isEqualTo(counted ? "counts" : "log");
      }
    }
  }

  @Test
  void numbersAreExactAndNothingIsNull() {
    tables.clear();
    tables.execute("DELETE FROM event_key");
    http.post(
        "/events",
        """
        [{"event_id": "a", "topic": "t", "occurred_at": "2024-02-29T00:00:00Z", "value": 0.1},
         {"event_id": "b", "topic": "t", "occurred_at": "2024-02-29T23:59:59.999Z", "value": 0.2},
         {"event_id": "c", "topic": "t", "occurred_at": "2024-03-01T00:00:00Z", "value": 100}]
        """,
        "Content-Type",
        "application/json");
    JsonNode items = http.json(get("fn=sum&from=2024-02-28&to=2024-03-01")).get("items");
    assertThat(items.get(0).get("value").getBigDecimalValue()).isZero();
    assertThat(items.get(1).get("value").getBigDecimalValue()).isEqualTo(new BigDecimal("0.3"));
    assertThat(items.get(1).get("count").getIntValue()).isEqualTo(2);
    assertThat(get("fn=max&from=2024-03-01&to=2024-03-01").body())
        .isEqualTo(
            "{\"items\":[{\"period\":\"2024-03-01\",\"value\":100,\"count\":1}],\"source\":\"counts\"}");
    JsonNode average = http.json(get("fn=avg&from=2024-02-28&to=2024-02-28")).get("items").get(0);
    assertThat(average.get("value").isNull()).isTrue();
  }

  @Test
  void readsNoMoreThanTwoHundredThousandEventsFromTheLog() {
    tables.clear();
    tables.eventsOften(LogLimit.MAX_ROWS, "ann", LocalDate.of(2024, 2, 29));
    assertThat(get("user_id=ann&from=2024-02-29&to=2024-02-29").body())
        .contains("\"count\":200000}");
    // Noon of UTC is the first moment of 1 March; the days after it are counted.
    String top = "/stats/top-events?tz=%2B12:00&from=2024-03-01&to=2024-03-0";
    assertThat(http.getCounted(top + "1").body())
        .isEqualTo("[{\"event_type\":\"many\",\"count\":200000}]");
    tables.eventsOften(1, "ann", LocalDate.of(2024, 2, 29));
    // Another query, since that one is cached.
    HttpResponse<String> response = get("user_id=ann&from=2024-02-28&to=2024-02-29");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("at most 200000 events; use a shorter range or a topic.");
    response = http.getCounted(top + "2");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("at most 200000 events outside of whole days of UTC; leave tz out.");
    tables.clear();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fn=median|fn must be one of: count, sum, avg, min, max.",
        "granularity=hour|granularity must be one of: day, week, month.",
        "value=ms|value must be value, or a path of at most 10 names such as payload.timing.ms.",
        "value=payload.|value must be value, or a path of at most 10 names such as payload.timing.ms.",
        "value=payload.a..b|value must be value, or a path of at most 10 names such as payload.timing.ms.",
        "value=payload.1.2.3.4.5.6.7.8.9.10.11|value must be value, or a path of at most 10 names such as payload.timing.ms.",
        "fill=maybe|fill must be true or false.",
        "user_id=|user_id must not be empty.",
        "from=2024-02-02&to=2024-02-01|from must not be later than to.",
      })
  void refusesWhatItCannotAnswer(String given) {
    String[] parts = given.split("\\|");
    HttpResponse<String> response = get(parts[0]);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(http.json(response).get("detail").getStringValue()).isEqualTo(parts[1]);
  }

  private List<String> expected(
      String from,
      String to,
      String granularity,
      String topic,
      String user,
      String value,
      String fn,
      boolean fill) {
    Function<LocalDate, Object> period =
        day ->
            switch (granularity) {
              case "day" -> day;
              case "week" ->
                  List.of(
                      day.get(IsoFields.WEEK_BASED_YEAR),
                      day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
              default -> day.toString().substring(0, 7);
            };
    TreeSet<LocalDate> starts =
        LocalDate.parse(from)
            .datesUntil(LocalDate.parse(to).plusDays(1))
            .map(
                day -> {
                  LocalDate start = day;
                  while (period.apply(start.minusDays(1)).equals(period.apply(day))) {
                    start = start.minusDays(1);
                  }
                  return start;
                })
            .collect(toCollection(TreeSet::new));
    List<String> lines = new ArrayList<>(List.of("period,value,count"));
    for (LocalDate start : starts) {
      List<Sent> within =
          events.stream()
              .filter(event -> topic.isEmpty() || event.topic.equals(topic))
              .filter(event -> user.isEmpty() || user.equals(event.user))
              .filter(event -> period.apply(localDay(event.at)).equals(period.apply(start)))
              .toList();
      List<BigDecimal> numbers =
          within.stream()
              .map(event -> value.startsWith("payload.no") ? null : event.number(value))
              .filter(Objects::nonNull)
              .sorted()
              .toList();
      long count = fn.equals("count") ? within.size() : numbers.size();
      if (fill || count > 0) {
        lines.add("%s,%s,%d".formatted(start, result(fn, within.size(), numbers), count));
      }
    }
    return lines;
  }

  private static String result(String fn, int events, List<BigDecimal> sorted) {
    BigDecimal sum = sorted.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (fn.equals("count")) {
      return Integer.toString(events);
    }
    if (fn.equals("sum")) {
      return text(sum);
    }
    if (sorted.isEmpty()) {
      return "";
    }
    return switch (fn) {
      case "avg" -> text(sum.divide(BigDecimal.valueOf(sorted.size()), 9, RoundingMode.HALF_UP));
      case "min" -> text(sorted.get(0));
      default -> text(sorted.get(sorted.size() - 1));
    };
  }

  private static String text(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private List<String> csv(String query) {
    return http.csv("/stats/aggregate?" + query);
  }

  private HttpResponse<String> get(String query) {
    return http.getCounted("/stats/aggregate?" + query);
  }
}
