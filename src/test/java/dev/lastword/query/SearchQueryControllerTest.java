package dev.lastword.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.LogRow;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class SearchQueryControllerTest {

  @Inject HttpCalls http;
  @Inject Rows rows;

  @Value("${lastword.db.url}")
  String url;

  @BeforeEach
  void empty() {
    rows.clear();
  }

  @Test
  void aSearchCarriesAllItsFields() {
    LogRow.search("New York")
        .id(7388898785280000001L)
        .at("2025-10-12 10:11:12.130")
        .session("s1")
        .user("ann")
        .set("submitted", true)
        .set("keystrokes", 9)
        .set("typed_at", "2025-10-12 10:11:11")
        .insert(url);
    assertThat(http.get("/searches").body())
        .isEqualTo(
            "{\"items\":[{\"id\":\"7388898785280000001\",\"keyword\":\"New York\",\"session_id\":\"s1\","
                + "\"user_id\":\"ann\",\"submitted\":true,\"keystrokes\":9,"
                + "\"typed_at\":\"2025-10-12T10:11:11Z\",\"searched_at\":\"2025-10-12T10:11:12.130Z\","
                + "\"revision\":0,\"amended_at\":null}],"
                + "\"next_cursor\":null,\"looked_back_to\":null}");
  }

  @Test
  void anAnonymousSearchHasANullUser() {
    rows.logged(1, "berlin", "2025-10-12");
    JsonNode item = items("/searches").get(0);
    assertThat(item.get("user_id").isNull()).isTrue();
    assertThat(item.get("typed_at").isNull()).isTrue();
  }

  @Test
  void anEmptyLogIsAnEmptyList() {
    assertThat(http.get("/searches").body())
        .isEqualTo("{\"items\":[],\"next_cursor\":null,\"looked_back_to\":null}");
  }

  @Test
  void otherTenantsAreNotSeen() {
    rows.logged(1, "berlin", "2025-10-12");
    rows.execute("UPDATE search_log SET tenant_id = 2");
    assertThat(keywords("/searches")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"newest, ''", "oldest, ''", "newest, &q=k", "oldest, &q=k", "oldest, &session_id=s1"})
  void pagesFollowEachOtherWithoutGapOrRepeat(String order, String filter) {
    // Many with the same time: the hardest case for the end of a page.
    for (int i = 0; i < 20; i++) {
      rows.logged(i, i % 2, "k" + i, "k" + i, "s1", null, "2025-10-12 00:00:0" + i / 8);
    }
    List<String> seen = new ArrayList<>();
    String path = "/searches?limit=3&order=" + order + filter;
    for (@Nullable String cursor = ""; cursor != null; ) {
      JsonNode page = http.json(http.get(path + cursor));
      page.get("items").values().forEach(item -> seen.add(item.get("keyword").getStringValue()));
      JsonNode next = page.get("next_cursor");
      cursor = next.isNull() ? null : "&cursor=" + next.getStringValue();
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add("k" + (order.equals("oldest") ? i : 19 - i));
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(
            http.get("/searches?order=" + order + filter, "Accept", "text/csv")
                .body()
                .lines()
                .skip(1))
        .map(line -> line.split(",")[1])
        .containsExactlyElementsOf(expected);
  }

  @Test
  void whatIsLoggedMeanwhileDoesNotMoveThePages() {
    rows.logged(1, "one", "2025-10-12 00:00:01");
    rows.logged(2, "two", "2025-10-12 00:00:02");
    rows.logged(3, "three", "2025-10-12 00:00:03");
    JsonNode first = http.json(http.get("/searches?limit=2"));
    rows.logged(4, "four", "2025-10-12 00:00:04");
    assertThat(keywords("/searches?limit=2&cursor=" + first.get("next_cursor").getStringValue()))
        .containsExactly("one");
  }

  @Test
  void theLastFullPageHasNoCursor() {
    rows.logged(1, "one", "2025-10-12");
    assertThat(http.json(http.get("/searches?limit=1")).get("next_cursor").isNull()).isTrue();
  }

  @Test
  void filtersByUserAndSession() {
    rows.logged(1, 1, "a", "a", "s1", "ann", "2025-10-12");
    rows.logged(2, 1, "b", "b", "s2", "ann", "2025-10-12");
    rows.logged(3, 1, "c", "c", "s1", "bob", "2025-10-12");
    rows.logged(4, 1, "d", "d", "s1", null, "2025-10-12");
    assertThat(keywords("/searches?user_id=ann")).containsExactly("b", "a");
    assertThat(keywords("/searches?session_id=s1")).containsExactly("d", "c", "a");
    assertThat(keywords("/searches?user_id=%20ann%20&session_id=s1")).containsExactly("a");
    assertThat(keywords("/searches?user_id=ANN")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "new;New York, newark",
        "NEW ;New York",
        " new york;New York",
        "ne%;",
        "_ew;",
        "100%;100% wool",
        "a_b;a_b",
        "a|b;a|b",
        "back\\;back\\slash",
        "it\u2019s;it\u2019s",
        "ÖL;Ölpreis",
        "o\u0308l;Ölpreis",
        "ISTANBUL;istanbul",
        "😀;😀 party",
        "pizza;pizza, pizza🍕, pizza party",
        "'pizza ';pizza party",
        "pizza🍕;pizza🍕",
        "x;x𠮷",
        "\uDBFF\uDFFF;\uDBFF\uDFFFz"
      })
  void startsWithIsTakenLiterally(String q, @Nullable String expected) {
    List<String> all =
        List.of(
            "New York",
            "newark",
            "100% wool",
            "a_b",
            "a|b",
            "ayb",
            "back\\slash",
            "it\u2019s",
            "Ölpreis",
            "istanbul",
            "😀 party",
            "pizza",
            "pizza🍕",
            "pizza party",
            "x𠮷",
            "\uDBFF\uDFFFz");
    for (int i = 0; i < all.size(); i++) {
      String folded = all.get(i).toLowerCase(Locale.ROOT);
      rows.logged(100 - i, 1, all.get(i), folded, "s1", null, "2025-10-12");
    }
    String found =
        String.join(", ", keywords("/searches?starts_with=" + URLEncoder.encode(q, UTF_8)));
    assertThat(found).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void filtersByKeyword() {
    rows.logged(1, 1, "Bus", "bus", "s1", "ann", "2025-10-12");
    rows.logged(2, 1, "bus stop", "bus stop", "s1", "ann", "2025-10-13");
    rows.logged(3, 1, "BUS", "bus", "s2", "ann", "2025-10-14");
    rows.logged(4, 1, "bus", "bus", "s2", null, "2025-10-14");
    assertThat(keywords("/searches?keyword=%20bUs%20")).containsExactly("bus", "BUS", "Bus");
    assertThat(keywords("/searches?keyword=bus&order=oldest&to=2025-10-14")).containsExactly("Bus");
    assertThat(keywords("/searches?keyword=bus&user_id=ann")).containsExactly("BUS", "Bus");
    assertThat(keywords("/searches?keyword=bus&session_id=s2")).containsExactly("bus", "BUS");
    assertThat(keywords("/searches?keyword=bus&starts_with=bu")).hasSize(3);
    assertThat(keywords("/searches?keyword=bus&starts_with=bus%20")).isEmpty();
    assertThat(keywords("/searches?keyword=bus&q=u&limit=2")).containsExactly("bus", "BUS");
    assertThat(keywords("/searches?keyword=bu%25")).isEmpty();
    JsonNode first = http.json(http.get("/searches?keyword=bus&limit=2"));
    assertThat(
            keywords("/searches?keyword=bus&cursor=" + first.get("next_cursor").getStringValue()))
        .containsExactly("Bus");
  }

  @ParameterizedTest
  @CsvSource({
    "from=2025-10-12, c|b",
    "to=2025-10-12, a",
    "from=2025-10-12&to=2025-10-13, b",
    "from=2025-10-12T00:00:00Z, c|b",
    "from=2025-10-12T00:00:00.001Z, c",
    "from=2025-10-12T02:00:00%2B02:00, c|b",
    "from=2025-10-12T02:00:00+02:00, c|b",
    "to=2025-10-11T23:59:59.999Z, ''",
    "from=2025-10-13&to=2025-10-13, ''"
  })
  void fromIsInclusiveAndToIsNot(String range, String expected) {
    rows.logged(1, "a", "2025-10-11 23:59:59.999");
    rows.logged(2, "b", "2025-10-12");
    rows.logged(3, "c", "2025-10-13");
    assertThat(String.join("|", keywords("/searches?" + range))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=many",
        "cursor=abc",
        "q=",
        "q=%20",
        "q=%00",
        "keyword=",
        "keyword=%20",
        "starts_with=",
        "starts_with=%00",
        "cursor=",
        "cursor=MQ",
        "from=yesterday",
        "from=2025-02-30",
        "from=2025-10-12T00:00:00",
        "to=-0001-01-01T00:00:00Z",
        "to=%2B999999-01-01T00:00:00Z",
        "from=2025-10-13&to=2025-10-12",
        "user_id=",
        "session_id=",
        "session_id=%C3%BC",
        "order=up",
        "user=42"
      })
  void whatCannotBeMeantIsRefused(String query) {
    var answer = http.get("/searches?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(query.substring(0, query.indexOf('=')));
  }

  @Test
  void aHundredIsTheDefaultAndAThousandTheMost() {
    for (int i = 0; i < 101; i++) {
      rows.logged(i, "k", "2025-10-12");
    }
    assertThat(keywords("/searches")).hasSize(100);
    assertThat(keywords("/searches?limit=1000")).hasSize(101);
  }

  private List<String> keywords(String path) {
    List<String> found = new ArrayList<>();
    items(path).forEach(item -> found.add(item.get("keyword").getStringValue()));
    return found;
  }

  private List<JsonNode> items(String path) {
    var answer = http.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<JsonNode> items = new ArrayList<>();
    http.json(answer).get("items").values().forEach(items::add);
    return items;
  }
}
