package dev.lastword.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.LogRow;
import dev.lastword.http.Ndjson;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class EventQueryControllerTest {

  @Inject HttpCalls http;
  @Inject Rows rows;

  @Value("${lastword.db.url}")
  String url;

  @BeforeEach
  void empty() {
    rows.clear();
  }

  private void order() {
    LogRow.event("order")
        .id(7388898785280000001L)
        .at("2025-10-12 10:11:12.130")
        .set("event_id", "o-1")
        .set("source", "shop")
        .user("ann")
        .session("s1")
        .set("level", "INFO")
        .set("value", "12.500000000")
        .set("message", "-paid")
        .set("payload", "{\"n\": \"a \\\"b\\\"\", \"items\": [1, 2.5]}")
        .set("received_at", "2025-10-12 10:11:13")
        .insert(url);
  }

  @Test
  void anEventCarriesAllItsFieldsAndTheNamesOfOtherSystems() {
    order();
    JsonNode page = http.json(http.get("/events"));
    assertThat(page.get("status").getStringValue()).isEqualTo("success");
    assertThat(page.get("count").getIntValue()).isEqualTo(1);
    assertThat(page.get("next_cursor").isNull()).isTrue();
    assertThat(page.get("items").size()).isEqualTo(1);
    assertThat(page.get("events")).isNull();
    String item = http.get("/events", "Accept", Ndjson.TYPE).body().strip();
    assertThat(item)
        .isEqualTo(
            "{\"id\":\"7388898785280000001\",\"event_id\":\"o-1\",\"topic\":\"order\",\"event_type\":\"order\","
                + "\"occurred_at\":\"2025-10-12T10:11:12.130Z\",\"timestamp\":\"2025-10-12T10:11:12.130Z\","
                + "\"received_at\":\"2025-10-12T10:11:13Z\",\"source\":\"shop\",\"service\":\"shop\","
                + "\"user_id\":\"ann\",\"session_id\":\"s1\",\"level\":\"INFO\",\"value\":12.5,"
                + "\"message\":\"-paid\",\"payload\":{\"n\":\"a \\\"b\\\"\",\"items\":[1,2.5]}}");
  }

  /** Queries like clients of the pub-sub aggregator. */
  @Test
  void pagesByOffsetHaveOnlyTheFieldEvents() {
    order();
    String body = http.get("/events?topic=order&limit=100&offset=0").body();
    assertThat(body)
        .startsWith("{\"status\":\"success\",\"count\":1,\"events\":[{\"id\":\"73888987")
        .doesNotContain("\"items\":[{");
  }

  @Test
  void csvShowsThePayloadAsJsonAndTakesNoNumberForAFormula() {
    order();
    rows.set(7388898785280000001L, "value", -5);
    var lines = http.get("/events", "Accept", "text/csv").body().lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "id,event_id,topic,occurred_at,received_at,source,user_id,session_id,level,value,message,payload");
    assertThat(lines.get(1))
        .startsWith(
            "7388898785280000001,o-1,order,2025-10-12T10:11:12.130Z,2025-10-12T10:11:13Z,shop,ann,s1,INFO,-5,'-paid,"
                + "\"{\"\"n\"\":");
  }

  @Test
  void aLargeValueIsWrittenInFull() {
    rows.event(1, "a", "2025-10-12");
    rows.set(1, "value", "100000000000000000000");
    assertThat(http.get("/events").body()).contains("\"value\":100000000000000000000,");
  }

  @ParameterizedTest
  @CsvSource({
    "topic=t, a|b|c|d",
    "topic=x, e",
    "event_type=x, e",
    "source=web, a|b",
    "service=web, a|b",
    "level=error, a|c",
    "level=ERROR&source=web, a",
    "user_id=ann, b|c|e",
    "user_id=%20ann%20&topic=t, b|c",
    "session_id=s1, c|d",
    "session_id=s1&user_id=ann, c",
    "from=2025-10-12T00:00:03Z, c|d|e",
    "to=2025-10-12T00:00:03Z, a|b",
    "start=2025-10-12T00:00:03Z, c|d|e",
    "end=2025-10-12T00:00:03Z, a|b",
    "from=2025-10-12T00:00:02Z&end=2025-10-12T00:00:04Z, b|c",
    "from=2025-10-12T00:00:02Z&to=2025-10-12T00:00:04Z&level=Error, c",
    "user_id=ANN, ''",
    "q=b&topic=t, b"
  })
  void everyFilterRestrictsAloneAndWithOthers(String query, String expected) {
    for (int i = 1; i <= 5; i++) {
      rows.event(i, "abcde".substring(i - 1, i), "2025-10-12 00:00:0" + i);
    }
    rows.set(5, "topic", "x");
    rows.set(1, "source", "web");
    rows.set(2, "source", "web");
    rows.set(1, "level", "error");
    rows.set(3, "level", "ERROR");
    for (int id : new int[] {2, 3, 5}) {
      rows.set(id, "user_id", "ann");
    }
    rows.set(3, "session_id", "s1");
    rows.set(4, "session_id", "s1");
    List<String> oldestFirst = new ArrayList<>(messages("/events?" + query));
    Collections.reverse(oldestFirst);
    assertThat(String.join("|", oldestFirst)).isEqualTo(expected);
    assertThat(messages("/query?" + query)).hasSameSizeAs(oldestFirst);
  }

  @ParameterizedTest
  @CsvSource({"INFO, 1|2", "ínfo, 3", "😀, 4", "ი, 6"})
  void aLevelIsFoundInAnyLetterCaseAndNothingElseIs(String level, String expected) {
    List<String> levels = List.of("info", "Info", "Ínfo", "😀", "😁", "Ი");
    for (int i = 0; i < levels.size(); i++) {
      rows.event(i + 1, "m", "2025-10-12");
      rows.set(i + 1, "level", levels.get(i));
    }
    List<String> found = new ArrayList<>();
    events("/events?level=" + URLEncoder.encode(level, UTF_8))
        .forEach(event -> found.add(0, event.get("id").getStringValue()));
    assertThat(String.join("|", found)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "timeout;1|2",
        "TIMEOUT;1|2",
        "100%;3",
        "a_b;4",
        "c:\\temp;5",
        "say \"hi\";6",
        "größe;7",
        "grosse;",
        "😀;8",
        "😁;",
        "пРИВЕТ;9",
        "აბგ;10",
        "ᲐᲑᲒ;10",
        "𐐨;11"
      })
  void qIsFoundAnywhereInMessageOrPayload(String q, @Nullable String expected) {
    List<String> messages =
        List.of(
            "gateway Timeout",
            "",
            "100% sure",
            "a_b",
            "",
            "",
            "Größe",
            "smile 😀",
            "Привет",
            "x ᲐᲑᲒ",
            "𐐀");
    for (int i = 0; i < messages.size(); i++) {
      rows.event(i + 1, messages.get(i), "2025-10-12");
    }
    rows.set(2, "payload", "{\"error\": {\"kind\": \"timeout\"}}");
    rows.set(5, "payload", "{\"path\": \"C:\\\\Temp\"}");
    rows.set(6, "payload", "{\"text\": \"say \\\"hi\\\"\"}");
    List<String> found = new ArrayList<>();
    events("/events?q=" + URLEncoder.encode(q, UTF_8))
        .forEach(event -> found.add(0, event.get("id").getStringValue()));
    assertThat(String.join("|", found)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void pagesByOffsetNumberAndCursorAreTheSame() {
    for (int i = 0; i < 20; i++) {
      rows.event(i, "m" + i, "2025-10-12 00:00:0" + i / 8);
      rows.set(i, "level", i % 3 == 0 ? "ERROR" : "INFO");
    }
    for (String filter : List.of("", "&level=info")) {
      List<String> all = messages("/events?limit=1000" + filter);
      List<String> byOffset = new ArrayList<>();
      for (int offset = 0; offset < 20; offset += 3) {
        byOffset.addAll(messages("/events?limit=3&offset=" + offset + filter));
      }
      List<String> byNumber = new ArrayList<>();
      for (int page = 1; page <= 7; page++) {
        byNumber.addAll(messages("/query?limit=3&page=" + page + filter));
      }
      List<String> byCursor = new ArrayList<>();
      for (@Nullable String cursor = ""; cursor != null; ) {
        JsonNode page = http.json(http.get("/events?limit=3" + cursor + filter));
        page.get("items")
            .values()
            .forEach(item -> byCursor.add(item.get("message").getStringValue()));
        JsonNode next = page.get("next_cursor");
        cursor = next.isNull() ? null : "&cursor=" + next.getStringValue();
      }
      assertThat(byOffset).isEqualTo(all);
      assertThat(byNumber).isEqualTo(all);
      assertThat(byCursor).isEqualTo(all);
      assertThat(all).hasSize(filter.isEmpty() ? 20 : 13);
    }
  }

  @Test
  void aScanOfTheLogEndsReportsWhereAndContinuesFromThere() {
    int many = LogReader.MOST_EXAMINED + 2 * LogReader.SLICE;
    rows.loggedMany(many);
    rows.execute("UPDATE search_log SET folded = 'needle' WHERE id IN (3, ?)", many - 1);
    JsonNode first = http.json(http.get("/searches?q=EEDL"));
    assertThat(first.get("items").size()).isEqualTo(1);
    assertThat(first.get("looked_back_to").getStringValue()).startsWith("2025-09-01T");
    List<String> found = new ArrayList<>();
    JsonNode page = first;
    int pages = 1;
    while (!page.get("next_cursor").isNull()) {
      String cursor = page.get("next_cursor").getStringValue();
      page = http.json(http.get("/searches?q=EEDL&cursor=" + cursor));
      page.get("items").values().forEach(item -> found.add(item.get("id").getStringValue()));
      pages++;
    }
    assertThat(found).containsExactly("3");
    assertThat(pages).isGreaterThan(1);
    assertThat(page.get("looked_back_to").isNull()).isTrue();
    // A stream has no limit.
    assertThat(http.get("/searches?q=needle", "Accept", Ndjson.TYPE).body().lines()).hasSize(2);
  }

  @Test
  void theLookIsExactAtTheEdgesOfItsSlices() {
    rows.loggedMany(2 * LogReader.SLICE);
    // Many with the same time: the hardest case for the end of a slice.
    rows.execute("UPDATE search_log SET searched_at = '2025-09-01'");
    List<Long> edges =
        LongStream.of(0, 1, LogReader.SLICE - 1, LogReader.SLICE, LogReader.SLICE + 1)
            .boxed()
            .toList();
    edges.forEach(id -> rows.execute("UPDATE search_log SET folded = 'needle' WHERE id = ?", id));
    List<Long> found = new ArrayList<>();
    http.json(http.get("/searches?q=needle"))
        .get("items")
        .values()
        .forEach(item -> found.add(0, Long.parseLong(item.get("id").getStringValue())));
    assertThat(found).isEqualTo(edges);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "offset=-1",
        "offset=10001",
        "offset=x",
        "offset=1&cursor=MS4x",
        "cursor=abc",
        "from=yesterday",
        "from=2025-10-13&to=2025-10-12",
        "topic=",
        "source=%20",
        "level=",
        "q=",
        "q=%20%00",
        "user_id=",
        "user_id=%00",
        "session_id=",
        "topic=a&event_type=b",
        "service=a&source=b",
        "pages=2",
        "page=0",
        "page=102",
        "page=12&limit=1000",
        "page=x",
        "page=1&offset=0",
        "page=1&cursor=MS4x",
        "start=yesterday",
        "start=2025-10-12&from=2025-10-12",
        "end=2025-10-12&to=2025-10-12",
        "start=2025-10-13&end=2025-10-12",
        "from=2025-10-13&end=2025-10-12",
        "topic=a&topic=b"
      })
  void whatCannotBeMeantIsRefused(String query) {
    for (String path : List.of("/events?", "/query?")) {
      var answer = http.get(path + query);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
  }

  @Test
  void aCursorThatWasChangedIsRefused() {
    rows.event(1, "a", "2025-10-12");
    rows.event(2, "b", "2025-10-12");
    String cursor = http.json(http.get("/events?limit=1")).get("next_cursor").getStringValue();
    assertThat(http.get("/events?cursor=" + cursor).statusCode()).isEqualTo(200);
    String[] parts = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split("\\.");
    for (String changed :
        List.of(
            "9" + parts[0] + "." + parts[1] + "." + parts[2],
            "99999999999999999." + parts[1] + "." + parts[2],
            parts[0] + "." + parts[1] + "1." + parts[2],
            parts[0] + "." + parts[1] + "." + parts[2] + ".0",
            parts[0] + "." + parts[1])) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed.getBytes(UTF_8));
      for (String path : List.of("/events", "/searches", "/query")) {
        assertThat(http.get(path + "?cursor=" + text).statusCode()).as(changed).isEqualTo(400);
      }
    }
  }

  @Test
  void theGreatestOffsetIsTaken() {
    assertThat(http.get("/events?offset=10000").statusCode()).isEqualTo(200);
    assertThat(http.get("/query/?limit=1000&offset=0").statusCode()).isEqualTo(200);
    assertThat(http.get("/query?limit=1000&page=11").statusCode()).isEqualTo(200);
    assertThat(http.get("/query?page=101").statusCode()).isEqualTo(200);
    assertThat(http.get("/events?offset=1", "Accept", "text/csv").statusCode()).isEqualTo(400);
  }

  @Test
  void otherTenantsAreNotSeen() {
    rows.event(1, "a", "2025-10-12");
    rows.execute("UPDATE event_log SET tenant_id = 2");
    assertThat(messages("/events")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 12",
    "?topic=a, 7",
    "?event_type=a, 7",
    "?topic=none, 0",
    "?from=2025-10-13, 5",
    "?to=2025-10-13, 7",
    "?topic=a&from=2025-10-12&to=2025-10-14, 7"
  })
  void theCountIsANumber(String query, String expected) {
    rows.execute(
        """
        INSERT INTO daily_topic (bucket, tenant_id, day, topic, events, duplicates, changed, rejected, value_count,
                                 value_sum)
        VALUES (1, 1, '2025-10-12', 'a', 3, 9, 0, 0, 0, 0), (2, 1, '2025-10-12', 'a', 4, 0, 0, 9, 0, 0),
               (1, 1, '2025-10-13', 'b', 5, 0, 0, 0, 0, 0), (1, 2, '2025-10-12', 'a', 100, 0, 0, 0, 0, 0)
        """);
    assertThat(http.get("/events/count" + query).body()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"from=2025-10-12T00:00:00Z", "to=x", "from=2025-10-13&to=2025-10-12"})
  void theCountTakesDays(String query) {
    assertThat(http.get("/events/count?" + query).statusCode()).isEqualTo(400);
  }

  private List<String> messages(String path) {
    return events(path).stream().map(event -> event.get("message").getStringValue()).toList();
  }

  private List<JsonNode> events(String path) {
    var answer = http.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<JsonNode> items = new ArrayList<>();
    http.json(answer)
        .get(path.contains("offset") || path.contains("page") ? "events" : "items")
        .values()
        .forEach(items::add);
    return items;
  }
}
