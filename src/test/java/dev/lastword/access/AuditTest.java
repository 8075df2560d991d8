package dev.lastword.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import io.micronaut.context.annotation.Property;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class AuditTest {

  @Inject HttpCalls http;
  @Inject Keys keys;
  @Inject Tenants tenants;
  @Inject Rows rows;

  private String admin = "";
  private String adminId = "";

  private Keys.Created create(String actor, Scope scope) {
    Tenant tenant = tenants.find(Tenant.DEFAULT).orElseThrow();
    return keys.create(actor, tenant, Set.of(scope), KeyRestrictions.NONE, false, "", null);
  }

  @BeforeEach
  void empty() {
    Keys.Created created = create("test", Scope.ADMIN);
    admin = created.text();
    adminId = created.key().id();
    rows.execute("DELETE FROM admin_audit");
  }

  private HttpResponse<String> post(String path, String body, String key) {
    return http.post(path, body, "Content-Type", "application/json", "X-API-Key", key);
  }

  private List<String> entries(String url, String key) {
    List<String> found = new ArrayList<>();
    JsonNode page = http.json(http.get(url, "X-API-Key", key));
    while (true) {
      page.get("items")
          .values()
          .forEach(
              item ->
                  found.add(
                      "%s: %s %s %s (%s)"
                          .formatted(
                              item.get("tenant").getStringValue(),
                              item.get("actor").getStringValue(),
                              item.get("action").getStringValue(),
                              item.get("subject").getStringValue(),
                              item.get("detail").getStringValue())));
      if (page.get("next_cursor").isNull()) {
        return found;
      }
      String cursor = page.get("next_cursor").getStringValue();
      page =
          http.json(
              http.get(
                  url + (url.contains("?") ? "&" : "?") + "cursor=" + cursor, "X-API-Key", key));
    }
  }

  @Test
  void whatAdministratorsDidIsListedForTheirTenants() {
    String shop = "shop-" + System.nanoTime();
    post("/admin/tenants", "{\"name\": \"" + shop + "\"}", admin);
    post("/admin/tenants", "{\"name\": \"" + shop + "\"}", admin);
    JsonNode first =
        http.json(
            post(
                "/admin/keys",
                "{\"tenant\": \"%s\", \"scopes\": [\"admin\"], \"label\": \"boss\"}"
                    .formatted(shop),
                admin));
    String shopKey = first.get("key").getStringValue();
    String shopId = first.get("id").getStringValue();
    String readId =
        http.json(
                post(
                    "/admin/keys",
                    "{\"scopes\": [\"read\"], \"expires_at\": \"2999-01-01\"}",
                    shopKey))
            .get("id")
            .getStringValue();
    for (int i = 0; i < 2; i++) {
      http.send("DELETE", "/admin/keys/" + readId, null, "X-API-Key", shopKey);
    }
    post("/admin/keys", "{\"scopes\": [\"none\"]}", shopKey);
    create("cli:ann", Scope.READ);
    List<String> ofShop =
        List.of(
            "%s: %s key.revoke %s ()".formatted(shop, shopId, readId),
            "%s: %s key.create %s (read, expires 2999-01-01T00:00:00Z: )"
                .formatted(shop, shopId, readId),
            "%s: %s key.create %s (admin, never expires: boss)".formatted(shop, adminId, shopId),
            "%s: %s tenant.create %s ()".formatted(shop, adminId, shop));
    assertThat(entries("/admin/audit", shopKey)).isEqualTo(ofShop);
    assertThat(entries("/admin/audit?limit=1&tenant=" + shop, admin)).isEqualTo(ofShop);
    List<String> all = entries("/admin/audit?limit=2", admin);
    assertThat(all).hasSize(5).containsAll(ofShop);
    assertThat(all.get(0)).startsWith("default: cli:ann key.create ");
    assertThat(http.get("/admin/audit?tenant=default", "X-API-Key", shopKey).body())
        .contains("There is no such tenant.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "99999999999999999999"})
  void aCursorIsThatOfAResponse(String cursor) {
    assertThat(http.get("/admin/audit?cursor=" + cursor, "X-API-Key", admin).statusCode())
        .isEqualTo(400);
  }

  @Test
  void whatIsNotDoneLeavesNoEntry() {
    rows.execute(
        """
        CREATE TRIGGER no_key BEFORE INSERT ON api_key FOR EACH ROW
        SIGNAL SQLSTATE '22023' SET MESSAGE_TEXT = 'no'
        """);
    try {
      assertThat(post("/admin/keys", "{\"scopes\": [\"read\"]}", admin).statusCode())
          .isGreaterThanOrEqualTo(400);
      assertThat(entries("/admin/audit", admin)).isEmpty();
    } finally {
      rows.execute("DROP TRIGGER no_key");
    }
    rows.execute("RENAME TABLE admin_audit TO away");
    try {
      int before = keys.list(null, null, 1_000).size();
      assertThat(post("/admin/keys", "{\"scopes\": [\"read\"]}", admin).statusCode())
          .isGreaterThanOrEqualTo(400);
      assertThat(keys.list(null, null, 1_000)).hasSize(before);
    } finally {
      rows.execute("RENAME TABLE away TO admin_audit");
    }
  }
}
