package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class KeyControllerTest {

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private String admin = "";

  @BeforeEach
  void admin() {
    admin = key(Tenant.DEFAULT);
  }

  private String key(String tenant) {
    return keys.create(
            "test",
            tenants.find(tenant).orElseThrow(),
            EnumSet.of(Scope.ADMIN),
            KeyRestrictions.NONE,
            false,
            "",
            null)
        .text();
  }

  private HttpResponse<String> post(String path, String body, String key) {
    return http.post(path, body, "Content-Type", "application/json", "X-API-Key", key);
  }

  private JsonNode get(String path, String key) {
    HttpResponse<String> answer = http.get(path, "X-API-Key", key);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return http.json(answer);
  }

  @Test
  void aKeyIsCreatedShownOnceUsedListedAndRevoked() {
    HttpResponse<String> created =
        post(
            "/admin/keys",
            "{\"scopes\": [\"read\", \"write\"], \"label\": \" search box \", \"expires_at\": \"2999-12-31\"}",
            admin);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("Cache-Control")).hasValue("no-store");
    JsonNode key = http.json(created);
    String text = key.get("key").getStringValue();
    String id = key.get("id").getStringValue();
    assertThat(text).startsWith("lw_" + id + "_").hasSize(59);
    assertThat(key.get("tenant").getStringValue()).isEqualTo("default");
    assertThat(key.get("scopes").get(0).getStringValue()).isEqualTo("write");
    assertThat(key.get("scopes").size()).isEqualTo(2);
    assertThat(key.get("label").getStringValue()).isEqualTo("search box");
    assertThat(key.get("expires_at").getStringValue()).startsWith("2999-12-31T00:00:00");
    assertThat(get("/searches", text).get("items").size()).isZero();
    HttpResponse<String> listed = http.get("/admin/keys?limit=1000", "X-API-Key", admin);
    assertThat(listed.body()).contains(id).doesNotContain("\"key\":", text.substring(16));
    HttpResponse<String> revoked =
        http.send("DELETE", "/admin/keys/" + id, null, "X-API-Key", admin);
    assertThat(revoked.statusCode()).isEqualTo(200);
    JsonNode first = http.json(revoked).get("revoked_at");
    assertThat(http.json(revoked).get("state").getStringValue()).isEqualTo("revoked");
    // A repeat changes nothing.
    revoked = http.send("DELETE", "/admin/keys/" + id, null, "X-API-Key", admin);
    assertThat(http.json(revoked).get("revoked_at")).isEqualTo(first);
  }

  private HttpResponse<String> event(String key, String topic, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
    all.addAll(List.of("X-API-Key", key));
    all.addAll(List.of(headers));
    String body = "[{\"event_id\":\"r-1\",\"topic\":\"%s\"}]".formatted(topic);
    return http.post("/events?on_duplicate=conflict", body, all.toArray(String[]::new));
  }

  private String restricted(String fields) {
    String scopes = fields.contains("scopes") ? "" : "\"scopes\":[\"write\"],";
    HttpResponse<String> created = post("/admin/keys", "{" + scopes + fields + "}", admin);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return http.json(created).get("key").getStringValue();
  }

  @Test
  void aKeyOfSomeTopicsWritesNoOthersAndDoesNotFillTheCountsWithThem() {
    String topic = "viewed-" + System.nanoTime();
    String page = restricted("\"topics\":[\" %s \",\"clicked\"]".formatted(topic));
    assertThat(event(page, topic).statusCode()).isEqualTo(202);
    HttpResponse<String> refused = event(page, "order-" + topic);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("the API key may not write topic order-" + topic);
    String body = "[{\"topic\":\"order-%1$s\"},{\"topic\":\"%1$s\"}]".formatted(topic);
    assertThat(post("/events", body, page).body())
        .contains("\"accepted\":1", "may not write topic");
    assertThat(post("/log", "{\"session_id\":\"s\",\"keyword\":\"k\"}", page).statusCode())
        .isEqualTo(202);
    String reader = restricted("\"scopes\":[\"read\"]");
    assertThat(http.get("/stats", "X-API-Key", reader).body())
        .contains(topic)
        .doesNotContain("order-" + topic);
    assertThat(http.get("/admin/keys?limit=1000", "X-API-Key", admin).body())
        .contains("\"topics\":[\"%s\",\"clicked\"],\"origins\":[]".formatted(topic));
  }

  @Test
  void aKeyOfSomeOriginsIsForTheirPagesAlone() {
    String topic = "origin-" + System.nanoTime();
    String page =
        restricted("\"origins\":[\"https://shop.example\",\"https://*.Shop.example:443\"]");
    assertThat(event(page, topic, "Origin", "https://shop.example").statusCode()).isEqualTo(202);
    assertThat(event(page, topic, "Origin", "https://m.shop.example").statusCode()).isEqualTo(409);
    for (String[] other :
        List.of(new String[] {}, new String[] {"Origin", "https://shop.example.evil"})) {
      HttpResponse<String> refused = event(page, topic, other);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains("only for pages of https://shop.example, https://*.shop.example");
    }
  }

  @Test
  void aKeyThatCannotReadLearnsNothingOfTheEventsAndRequestsOfOthers() {
    String topic = "told-" + System.nanoTime();
    String server = restricted("\"scopes\":[\"write\",\"read\"]");
    String page = restricted("\"label\":\"page\"");
    String body = "[{\"event_id\":\"r-1\",\"topic\":\"%s\"}]".formatted(topic);
    assertThat(event(server, topic).statusCode()).isEqualTo(202);
    assertThat(event(server, topic).body())
        .contains("is already stored as ", "\"occurred_at\":\"2");
    assertThat(event(page, topic).body())
        .contains("is already stored.", "\"id\":null,\"occurred_at\":null");
    for (String key : List.of(page, server)) {
      HttpResponse<String> answer =
          http.post(
              "/events",
              key.equals(page) ? "[{\"topic\":\"%s\"}]".formatted(topic) : body,
              "Content-Type",
              "application/json",
              "X-API-Key",
              key,
              "Idempotency-Key",
              "k".repeat(255 - topic.length()) + topic);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      assertThat(answer.headers().firstValue("Idempotency-Replayed")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topics | 100 | 255 | ",
        "topics | 101 | 255 | topics must be at most 100 names of 1 to 255 characters",
        "topics | 1 | 256 | topics must be at most 100 names of 1 to 255 characters",
        "topics | 1 | 0 | topics must be at most 100 names of 1 to 255 characters",
        "origins | 20 | 20 | ",
        "origins | 21 | 20 | origins must be at most 20.",
        "origins | 1 | 0 | origins must not be empty."
      })
  void restrictionsAreChecked(String name, int count, int length, @Nullable String reason) {
    String prefix = name.equals("origins") && length > 0 ? "https://" : "";
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = "%s%03d".formatted("x".repeat(length), i).substring(length > 3 ? 3 : 0);
      values.add("\"%s%s\"".formatted(prefix, length == 0 ? " " : text));
    }
    HttpResponse<String> answer =
        post("/admin/keys", "{\"scopes\":[\"write\"],\"%s\":%s}".formatted(name, values), admin);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(reason == null ? 201 : 400);
    if (reason != null) {
      assertThat(answer.body()).contains(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"topics\":[null]",
        "\"topics\":\"a\"",
        "\"topics\":[{}]",
        "\"origins\":[null]",
        "\"origins\":[\"https://a\",\"*.b\"]"
      })
  void restrictionsThatCannotBeMeantAreRefused(String field) {
    String body = "{\"scopes\":[\"write\"],%s}".formatted(field);
    assertThat(post("/admin/keys", body, admin).statusCode()).isEqualTo(400);
  }

  @Test
  void keysOfOtherTenantsAreManagedByTheDefaultOneAlone() {
    String name = "shop-" + System.nanoTime();
    assertThat(post("/admin/tenants", "{\"name\": \"" + name + "\"}", admin).statusCode())
        .isEqualTo(201);
    String body = "{\"tenant\": \"" + name + "\", \"scopes\": [\"admin\"]}";
    JsonNode shop = http.json(post("/admin/keys", body, admin));
    String shopKey = shop.get("key").getStringValue();
    assertThat(shop.get("tenant").getStringValue()).isEqualTo(name);
    assertThat(get("/admin/keys", shopKey).get("items").size()).isEqualTo(1);
    assertThat(http.json(post("/admin/keys", "{\"scopes\": [\"read\"]}", shopKey)).get("tenant"))
        .isEqualTo(shop.get("tenant"));
    assertThat(get("/admin/keys?tenant=" + name, admin).get("items").size()).isEqualTo(2);
    assertThat(
            post("/admin/keys", "{\"tenant\": \"default\", \"scopes\": [\"read\"]}", shopKey)
                .body())
        .contains("There is no such tenant.");
    assertThat(http.get("/admin/keys?tenant=default", "X-API-Key", shopKey).statusCode())
        .isEqualTo(400);
    String adminId = admin.substring(3, 15);
    assertThat(
            http.send("DELETE", "/admin/keys/" + adminId, null, "X-API-Key", shopKey).statusCode())
        .isEqualTo(404);
    assertThat(keys.find(adminId).orElseThrow().state()).isEqualTo(ApiKey.State.ACTIVE);
  }

  @Test
  void pagesOfKeysAndTenantsAreComplete() {
    String name = "pages-" + System.nanoTime();
    tenants.create("test", name);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(key(name).substring(3, 15));
    }
    List<String> listed = pages("/admin/keys?limit=2&tenant=" + name, "id");
    // In the order of their creation, which may be in the same millisecond.
    assertThat(listed).containsExactlyInAnyOrderElementsOf(made);
    // The last full page has no cursor.
    assertThat(get("/admin/keys?limit=5&tenant=" + name, admin).get("next_cursor").isNull())
        .isTrue();
    assertThat(pages("/admin/keys?limit=3", "id"))
        .containsSubsequence(listed)
        .doesNotHaveDuplicates();
    List<String> names = pages("/admin/tenants?limit=1", "name");
    assertThat(names).contains("default", name).isSorted().doesNotHaveDuplicates();
  }

  private List<String> pages(String url, String field) {
    List<String> found = new ArrayList<>();
    JsonNode page = get(url, admin);
    while (true) {
      page.get("items").values().forEach(item -> found.add(item.get(field).getStringValue()));
      if (page.get("next_cursor").isNull()) {
        return found;
      }
      page = get(url + "&cursor=" + page.get("next_cursor").getStringValue(), admin);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | scopes must have at least one of",
        "{\"scopes\": []} | scopes must have at least one of",
        "{\"scopes\": [\"all\"]} | scopes must be one of: write, read, admin.",
        "{\"scopes\": [null]} | scopes must be one of: write, read, admin.",
        "{\"scopes\": [\"read\"], \"expires_at\": \"2001-01-01\"} | expires_at must be in the future",
        "{\"scopes\": [\"read\"], \"expires_at\": \"9999-12-30\"} | expires_at must be in the future",
        "{\"scopes\": [\"read\"], \"expires_at\": \"soon\"} | expires_at must be a date",
        "{\"scopes\": [\"read\"], \"expires\": \"2999-01-01\"} | The body does not have the expected structure",
        "{\"scopes\": [\"read\"], \"label\": \"a\\u0000\"} | label must have at most 100 characters",
        "{\"scopes\": [\"read\"], \"tenant\": \"none\"} | There is no such tenant.",
        "{\"scopes\": \"read\"} | The body does not have the expected structure",
        "[] | The body does not have the expected structure",
        "nonsense | The body is not valid JSON"
      })
  void aWrongKeyIsRefusedWithASentence(String body, String sentence) {
    HttpResponse<String> answer = post("/admin/keys", body, admin);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence);
  }

  @Test
  void labelsHaveUpToAHundredCharacters() {
    String body = "{\"scopes\": [\"read\"], \"label\": \"%s\"}";
    assertThat(post("/admin/keys", body.formatted("ü".repeat(100)), admin).statusCode())
        .isEqualTo(201);
    assertThat(post("/admin/keys", body.formatted("ü".repeat(101)), admin).statusCode())
        .isEqualTo(400);
  }

  @Test
  void tenantsHaveAPlainNameAndItIsUnique() {
    String longest = "a".repeat(63) + (System.nanoTime() % 10);
    assertThat(post("/admin/tenants", "{\"name\": \"" + longest + "\"}", admin).statusCode())
        .isEqualTo(201);
    assertThat(post("/admin/tenants", "{\"name\": \"" + longest + "\"}", admin).statusCode())
        .isEqualTo(409);
    for (String wrong : List.of("", "-a", "A", "a b", "ü", "a".repeat(65), "a\\n")) {
      HttpResponse<String> answer = post("/admin/tenants", "{\"name\": \"" + wrong + "\"}", admin);
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      assertThat(answer.body()).contains("name must be 1 to 64 lower-case letters");
    }
    assertThat(post("/admin/tenants", "{}", admin).statusCode()).isEqualTo(400);
  }
}
