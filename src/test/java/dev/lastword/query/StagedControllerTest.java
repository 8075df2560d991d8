package dev.lastword.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class StagedControllerTest {

  @Inject HttpCalls http;
  @Inject Rows rows;

  @BeforeEach
  void empty() {
    rows.clear();
  }

  @Test
  void aSessionShowsWhatItTypes() {
    log("{'keyword':'Köln','session_id':'s1','user_id':'ann','submitted':true}");
    log("{'keyword':'B','session_id':'s1'}");
    log("{'keyword':'Bonn','session_id':'s1','typed_at':'" + Instant.now() + "'}");
    rows.execute("UPDATE search_staging SET last_seen = last_seen - INTERVAL 2500000 MICROSECOND");
    JsonNode item = items("/searches/staged").get(0);
    assertThat(item.get("session_id").getStringValue()).isEqualTo("s1");
    assertThat(item.get("user_id").getStringValue()).isEqualTo("ann");
    assertThat(item.get("keyword").getStringValue()).isEqualTo("Bonn");
    assertThat(item.get("keystrokes").getIntValue()).isEqualTo(3);
    assertThat(item.get("rested").getBooleanValue()).isFalse();
    assertThat(item.get("submitted").getBooleanValue()).isFalse();
    assertThat(item.get("finished").size()).isEqualTo(1);
    assertThat(item.get("finished").get(0).getStringValue()).isEqualTo("Köln");
    assertThat(item.get("typed_at").getStringValue()).endsWith("Z");
    assertThat(item.get("last_seen").getStringValue()).endsWith("Z");
    assertThat(item.get("age_ms").getLongValue()).isBetween(2_500L, 30_000L);
  }

  @Test
  void nothingFinishedIsAnEmptyList() {
    rows.staged("s1", "berlin", 1, false);
    JsonNode item = items("/searches/staged").get(0);
    assertThat(item.get("finished").size()).isZero();
    assertThat(item.get("user_id").isNull()).isTrue();
    assertThat(item.get("typed_at").isNull()).isTrue();
  }

  @Test
  void theNewestComesFirst() {
    rows.staged("s1", "old", 30, false);
    rows.staged("s2", "new", 1, false);
    rows.staged("s3", "middle", 20, false);
    List<String> keywords = new ArrayList<>();
    items("/searches/staged?limit=2")
        .forEach(item -> keywords.add(item.get("keyword").getStringValue()));
    assertThat(keywords).containsExactly("new", "middle");
  }

  @Test
  void sessionsOfManyLongSearchesAreCut() {
    int many = 80;
    for (int i = 0; i < many; i++) {
      rows.staged("s" + i, "berlin", i, false);
    }
    rows.execute(
        "UPDATE search_staging SET finished = CONCAT('[{\"keyword\":\"', REPEAT('漢', 13000), '\"}]')");
    List<JsonNode> items = items("/searches/staged");
    assertThat(items).hasSizeBetween(LogResponses.PAGE_BYTES / 39_100, many - 1);
    assertThat(items.get(0).get("session_id").getStringValue()).isEqualTo("s0");
  }

  @Test
  void theLimitIsChecked() {
    assertThat(http.get("/searches/staged?limit=1001").statusCode()).isEqualTo(400);
    assertThat(http.get("/searches/staged?limit=x").statusCode()).isEqualTo(400);
  }

  private void log(String keystroke) {
    var answer =
        http.post("/log", keystroke.replace('\'', '"'), "Content-Type", "application/json");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    http.json(http.get(path)).get("items").values().forEach(items::add);
    return items;
  }
}
